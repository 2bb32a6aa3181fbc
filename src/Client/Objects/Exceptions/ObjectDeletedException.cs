namespace Cluster.Client;

/// <summary>The object does not exist any more: it was deleted, or nobody had a reference to it.</summary>
public sealed class ObjectDeletedException : ClusterObjectException
{
    internal ObjectDeletedException(string message)
        : base(message, isTransient: false)
    {
    }
}
