namespace Cluster.Client;

/// <summary>Where a task is: pending → running → succeeded or failed; or cancelled.</summary>
public enum ClusterFutureStatus
{
    /// <summary>Not begun by any worker.</summary>
    Pending,

    /// <summary>In the hands of a worker.</summary>
    Running,

    /// <summary>Has a result.</summary>
    Succeeded,

    /// <summary>Has an exception.</summary>
    Failed,

    /// <summary>Cancelled; it has neither result nor exception.</summary>
    Cancelled,
}
