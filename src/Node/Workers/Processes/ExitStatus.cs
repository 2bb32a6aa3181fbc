using System.Globalization;

namespace Cluster.Node.Workers.Processes;

/// <summary>How a process ended: with an exit code, or by a signal. Exactly one of them is set.</summary>
internal readonly record struct ExitStatus(int? Code, int? Signal)
{
    private const int SignalOffset = 128;
    private const int LastSignal = 64;

    /// <summary>
    /// Reads what <see cref="System.Diagnostics.Process.ExitCode"/> says. As in shells, death by signal N is reported as 128 + N there; a
    /// process that exits with such a code by itself cannot be told apart.
    /// </summary>
    public static ExitStatus FromExitCode(int exitCode) => exitCode is > SignalOffset and <= SignalOffset + LastSignal
        ? new ExitStatus(null, exitCode - SignalOffset)
        : new ExitStatus(exitCode, null);

    /// <summary>For people, such as <c>was killed by signal 9 (SIGKILL)</c>.</summary>
    public override string ToString() => Signal is { } signal
        ? string.Create(CultureInfo.InvariantCulture, $"was killed by signal {signal}{NameOf(signal)}")
        : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {Code}");

    private static string NameOf(int signal) => signal switch
    {
        1 => " (SIGHUP)",
        2 => " (SIGINT)",
        3 => " (SIGQUIT)",
        4 => " (SIGILL)",
        6 => " (SIGABRT: an unhandled exception, a stack overflow or FailFast)",
        8 => " (SIGFPE)",
        9 => " (SIGKILL: often the kernel when memory ran out)",
        11 => " (SIGSEGV: a crash in native code)",
        15 => " (SIGTERM)",
        _ => "",
    };
}
