using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Cluster.Containers.Engine;

/// <summary>Podman with settings, images, networks and containers of its own, all in one folder: nothing of this machine's is seen or changed.</summary>
internal sealed class Podman : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder;

    private Podman(DirectoryInfo folder) => _folder = folder;

    /// <summary>Where files for containers may be left; it goes with the engine.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Makes one.</summary>
    public static async Task<Podman> CreateAsync(CancellationToken cancellationToken)
    {
        var podman = new Podman(Directory.CreateTempSubdirectory("cluster-containers-"));
        await PodmanSettings.WriteAsync(podman.Folder, cancellationToken);
        return podman;
    }

    /// <summary>Runs a command of podman's that has a minute at most.</summary>
    /// <returns>What it wrote to stdout.</returns>
    /// <exception cref="PodmanException">It ended with another exit code than 0.</exception>
    public Task<string> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) => RunAsync(Patience, cancellationToken, arguments);

    /// <summary>The same, within such a time.</summary>
    public async Task<string> RunAsync(TimeSpan patience, CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new PodmanException(arguments, -1, await output, $"{await error}\nIt was ended after {patience.TotalSeconds} s, or with the test.");
        }

        return process.ExitCode == 0 ? await output : throw new PodmanException(arguments, process.ExitCode, await output, await error);
    }

    /// <summary>Starts a command, whose streams are the caller's.</summary>
    public Process Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("podman", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        PodmanSettings.Use(Folder, start.Environment);
        return Process.Start(start)!;
    }

    /// <summary>Ends what still runs, and removes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunAsync(CancellationToken.None, "rm", "--all", "--force", "--volumes", "--time", "0");
        foreach (var network in (await RunAsync(CancellationToken.None, "network", "ls", "--quiet")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(PodmanSettings.IsOwnNetwork))
        {
            await RunAsync(CancellationToken.None, "network", "rm", "--force", network);
        }

        await UnmountAsync();
        _folder.Delete(recursive: true);
    }

    // The storage is mounted on itself.
    private async Task UnmountAsync()
    {
        var mounts = (await File.ReadAllLinesAsync("/proc/self/mounts")).Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(Folder, StringComparison.Ordinal));
        foreach (var mount in mounts.Reverse())
        {
            using var unmount = Process.Start("umount", [mount]);
            await unmount.WaitForExitAsync();
            if (unmount.ExitCode != 0)
            {
                throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{mount} could not be unmounted: exit code {unmount.ExitCode}."));
            }
        }
    }
}
