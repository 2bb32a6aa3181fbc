namespace Cluster.Client;

/// <summary>Where a submitted job is.</summary>
public enum ClusterJobState
{
    /// <summary>It waits for jobs that were submitted before it.</summary>
    Queued,

    /// <summary>It runs, or waits for nodes.</summary>
    Running,

    /// <summary>Every item has its answer; some may be failures.</summary>
    Done,

    /// <summary>It ended before every item had its answer, such as at the first failure.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
