namespace Cluster.Client;

/// <summary>A queue takes nothing more, or has nothing more to give: Python's <c>queue.ShutDown</c>.</summary>
public sealed class QueueShutDownException : ClusterObjectException
{
    internal QueueShutDownException(string message)
        : base(message, isTransient: false)
    {
    }
}
