namespace Cluster.Client;

/// <summary>A barrier is broken: someone who waited timed out, was cancelled or died, or it was aborted or reset. Python's <c>threading.BrokenBarrierError</c>.</summary>
public sealed class BarrierBrokenException : ClusterObjectException
{
    internal BarrierBrokenException(string message)
        : base(message, isTransient: false)
    {
    }
}
