using System.Diagnostics;

namespace Cluster.Worker;

/// <summary>The end of the worker when its node is gone.</summary>
internal static class ProcessEnd
{
    /// <summary>
    /// Ends the process now. Not by <see cref="Environment.Exit"/>, which runs handlers that user code may have left behind and that may never
    /// come back; nobody is left to end the process then.
    /// </summary>
    public static void Now()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
