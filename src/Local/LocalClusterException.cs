namespace Cluster.Client;

/// <summary>A process of a <see cref="LocalCluster"/> could not be started, ended before it was ready, or was not ready in time.</summary>
public sealed class LocalClusterException : ClusterException
{
    internal LocalClusterException(string message, Exception? innerException = null)
        : base(message, isTransient: false, innerException)
    {
    }
}
