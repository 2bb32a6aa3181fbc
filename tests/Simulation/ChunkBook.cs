using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>What the ledger knows about a chunk that is out.</summary>
internal sealed class ChunkBook(ChunkId id, NodeBook node, JobBook job, ItemRange items, TimeSpan sentAt)
{
    public ChunkId Id => id;

    public NodeBook Node => node;

    public JobBook Job => job;

    public ItemRange Items => items;

    public TimeSpan SentAt => sentAt;

    public bool IsStarted { get; set; }

    public CancelMode Asked { get; set; }

    /// <summary>It has been called back, and has neither come nor begun.</summary>
    public bool IsRecalled { get; set; }

    /// <summary>Its last item was answered by another copy of it.</summary>
    public bool IsBeaten { get; set; }

    /// <summary>Items without an answer.</summary>
    public ulong Left { get; set; } = items.Count;

    /// <summary>Those of them that nobody has withdrawn.</summary>
    public ulong Innocent { get; set; } = items.Count;

    /// <summary>Since when it has been so, at every look; null: it was not at the last.</summary>
    public TimeSpan? StuckSince { get; set; }

    /// <summary>It waits for others on its node, and could go elsewhere.</summary>
    public bool IsStuck => !IsStarted && Asked == CancelMode.None && Left > 0 && node.IsCrowded && !job.HasEnded && !job.IsBlocked;

    public bool MayRunOn(NodeBook other) => job.Accepts(other, items.First);
}
