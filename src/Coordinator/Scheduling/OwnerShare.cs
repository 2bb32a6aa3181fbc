namespace Cluster.Coordinator.Scheduling;

/// <summary>An owner's work for one pool: its place among the owners, and its lanes in order.</summary>
internal sealed class OwnerShare(Owner owner, NodePool pool) : IHeapEntry<OwnerShare>
{
    /// <summary>The owner.</summary>
    public Owner Owner { get; } = owner;

    /// <summary>The pool.</summary>
    public NodePool Pool { get; } = pool;

    /// <summary>How many lanes it has, waiting or not.</summary>
    public int Users { get; set; }

    /// <summary>Lanes with work that can go out, the most deserving first.</summary>
    public IndexedHeap<Lane> Lanes { get; } = new();

    /// <inheritdoc/>
    public int HeapIndex { get; set; } = -1;

    /// <inheritdoc/>
    public bool Precedes(OwnerShare other) => Owner.VirtualTime < other.Owner.VirtualTime
        || (Owner.VirtualTime == other.Owner.VirtualTime && Owner.Key < other.Owner.Key);
}
