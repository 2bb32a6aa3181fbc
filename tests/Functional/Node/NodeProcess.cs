using System.Diagnostics;
using System.Globalization;
using Cluster.TestKit.Processes;

namespace Cluster.Functional.Node;

/// <summary>The node program, as its users start it.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("cluster-node-test-");

    public NodeProcess(string coordinator, params string[] more)
        : this([], coordinator, more)
    {
    }

    /// <param name="wrapper">A command that replaces itself with the program, such as <c>ip netns exec NAME</c>.</param>
    /// <param name="coordinator">Where to dial.</param>
    /// <param name="more">More of the command line.</param>
    public NodeProcess(string[] wrapper, string coordinator, params string[] more)
    {
        string[] command =
        [
            .. wrapper, "dotnet", "exec", ClusterProgram.Node,
            "--coordinator", coordinator, "--cache-dir", _cache.FullName, "--workers", "2", .. more,
        ];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        StandardError = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>All of it, once the node has ended.</summary>
    public Task<string> StandardError { get; }

    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Deadline, cancellationToken);

    public void CloseStandardInput() => _process.StandardInput.Close();

    public void Kill() => _process.Kill();

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Deadline, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Waits until both workers are there, as the kernel sees it.</summary>
    public async Task<IReadOnlyList<int>> WorkersAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (true)
        {
            var children = Directory.EnumerateDirectories($"/proc/{Id}/task")
                .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)).ToArray();
            if (children.Length == 2)
            {
                return children;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Waits until a process that is no child of this one has ended.</summary>
    public static async Task WaitForEndAsync(int pid, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (IsAlive(pid))
        {
            await timer.WaitForNextTickAsync(either.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _cache.Delete(recursive: true);
    }

    /// <summary>A zombie has ended: it waits for whoever adopted it.</summary>
    private static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
