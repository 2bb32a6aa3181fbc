using System.Runtime.InteropServices;

namespace Cluster.TestKit.Processes;

/// <summary>Sends signals to processes that a test has started.</summary>
public static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>SIGSTOP: the process stands still until it gets SIGCONT, and cannot prevent it.</summary>
    public const int Stop = 19;

    public const int Continue = 18;

    public static void Send(int pid, int signal)
    {
        if (SendSignal(pid, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent to process {pid}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>What a terminal does on Ctrl-C: every process of the group gets the signal.</summary>
    public static void SendToGroup(int leader, int signal) => Send(-leader, signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
