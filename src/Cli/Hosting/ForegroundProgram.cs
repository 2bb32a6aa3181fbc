using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cluster.Cli.Hosting;

/// <summary>
/// Runs a program of the cluster as if it were this one: its output is this one's, signals are handed on, its exit code comes back, and
/// it does not outlive this process.
/// </summary>
internal static partial class ForegroundProgram
{
    private const string ExitWithParent = "--exit-with-parent";
    private const int Sigterm = 15;

    public static async Task<int> RunAsync(ProcessStartInfo startInfo, CancellationToken termination)
    {
        // Its stdin is the sign that this process lives; so Ctrl-C, which the whole group gets, is left to this process too.
        startInfo.ArgumentList.Add(ExitWithParent);
        startInfo.RedirectStandardInput = true;
        using var program = Process.Start(startInfo) ?? throw new InvalidOperationException($"{startInfo.FileName} did not start.");
        await using var handOn = termination.Register(() => End(program));
        await program.WaitForExitAsync(CancellationToken.None);
        return program.ExitCode;
    }

    /// <summary>Has a program print something and end.</summary>
    public static async Task<string> AskAsync(ProcessStartInfo startInfo, CancellationToken termination)
    {
        startInfo.RedirectStandardOutput = true;
        using var program = Process.Start(startInfo) ?? throw new InvalidOperationException($"{startInfo.FileName} did not start.");
        return await program.StandardOutput.ReadToEndAsync(termination);
    }

    private static void End(Process program)
    {
        if (OperatingSystem.IsWindows() || Kill(program.Id, Sigterm) != 0)
        {
            program.StandardInput.Close();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
