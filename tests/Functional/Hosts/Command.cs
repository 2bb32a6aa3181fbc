using System.Diagnostics;

namespace Cluster.Functional.Hosts;

/// <summary>Programs that set up networks.</summary>
internal static class Command
{
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    public static bool IsThere(string program) => Folders.Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs a command line.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task RunAsync(string line)
    {
        if (await TryAsync(line) is { } error)
        {
            throw new InvalidOperationException($"{line}: {error}");
        }
    }

    /// <summary>Runs a command line.</summary>
    /// <returns>What it says went wrong; null: nothing.</returns>
    public static async Task<string?> TryAsync(string line)
    {
        var words = line.Split(' ');
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : error;
    }
}
