using System.Diagnostics;

namespace Cluster.TestKit.Processes;

/// <summary>Which processes there are.</summary>
public static class ProcessTable
{
    /// <summary>Whether a process is there and has not ended.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
