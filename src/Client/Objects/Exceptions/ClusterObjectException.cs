namespace Cluster.Client;

/// <summary>An operation on a shared object was refused; the message says why and what to do. Derived types stand for what callers handle.</summary>
public class ClusterObjectException : ClusterException
{
    internal ClusterObjectException(string message, bool isTransient = false)
        : base(message, isTransient)
    {
    }
}
