namespace Cluster.Client;

/// <summary>
/// There is no submitted job of an id: it was never submitted to this coordinator, or it ended so long ago that it and its results are forgotten (7 days by default, and earlier where jobs take more
/// room than they may).
/// </summary>
public sealed class JobNotFoundException : ClusterException
{
    internal JobNotFoundException(string message, string jobId, Exception innerException)
        : base(message, isTransient: false, innerException)
    {
        JobId = jobId;
    }

    /// <summary>The id.</summary>
    public string JobId { get; }
}
