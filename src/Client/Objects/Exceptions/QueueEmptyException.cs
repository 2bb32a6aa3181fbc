namespace Cluster.Client;

/// <summary>A queue or pipe had nothing in time: Python's <c>queue.Empty</c>.</summary>
public sealed class QueueEmptyException : ClusterObjectException
{
    internal QueueEmptyException(string message)
        : base(message, isTransient: true)
    {
    }
}
