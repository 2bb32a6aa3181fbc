namespace Cluster.Coordinator.Scheduling;

/// <summary>How a node is asked to give a chunk up, from the mildest on.</summary>
internal enum CancelMode
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Unless a worker has begun it: then it goes on as if nothing had been said.</summary>
    UnlessBegun,

    /// <summary>A chunk that runs is told, and may take as long as it likes.</summary>
    Soft,

    /// <summary>A chunk that runs is told; if it has not ended after a grace its worker process is.</summary>
    Force,
}
