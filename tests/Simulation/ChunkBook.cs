using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>What the ledger knows about a chunk that is out.</summary>
internal sealed class ChunkBook(ChunkId id, NodeBook node, JobBook job, ItemRange items)
{
    public ChunkId Id => id;

    public NodeBook Node => node;

    public JobBook Job => job;

    public ItemRange Items => items;

    public bool IsStarted { get; set; }

    public CancelMode Asked { get; set; }

    /// <summary>Items without an answer.</summary>
    public ulong Left { get; set; } = items.Count;

    /// <summary>Those of them that nobody has withdrawn.</summary>
    public ulong Innocent { get; set; } = items.Count;
}
