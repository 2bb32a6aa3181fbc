namespace Cluster.Coordinator.Scheduling;

/// <summary>Why the cluster gave up on an item that its function never answered.</summary>
internal enum FailureReason
{
    /// <summary>Worker processes died while they held the item alone, more often than the budget allows.</summary>
    WorkerLost,

    /// <summary>The node that the item is pinned to was lost.</summary>
    NodeLost,

    /// <summary>Nodes were lost while workers there held the item, more often than the budget allows.</summary>
    NodesLost,

    /// <summary>The node that the item is pinned to did not attach within the job's <see cref="JobTerms.NoNodesTimeout"/>.</summary>
    NoNodes,

    /// <summary>The node that the item is pinned to could not get hold of the function's code.</summary>
    CodeUnavailable,

    /// <summary>The item's time was up, in as many attempts as its job allows, and its worker had to be ended.</summary>
    TimedOut,

    /// <summary>Worker processes took too much memory while they held the item alone, and were ended, more often than the budget allows.</summary>
    OutOfMemory,
}
