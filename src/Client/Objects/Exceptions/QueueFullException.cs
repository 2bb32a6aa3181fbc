namespace Cluster.Client;

/// <summary>A queue or pipe had no room in time: Python's <c>queue.Full</c>.</summary>
public sealed class QueueFullException : ClusterObjectException
{
    internal QueueFullException(string message)
        : base(message, isTransient: true)
    {
    }
}
