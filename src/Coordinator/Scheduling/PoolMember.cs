namespace Cluster.Coordinator.Scheduling;

/// <summary>A node's place in a pool: least loaded first.</summary>
internal sealed class PoolMember(NodePool pool, Node node) : IHeapEntry<PoolMember>
{
    /// <summary>The pool.</summary>
    public NodePool Pool { get; } = pool;

    /// <summary>The node.</summary>
    public Node Node { get; } = node;

    /// <summary>How many of the pool's idle slots are the node's.</summary>
    public int IdleSlots { get; set; }

    /// <inheritdoc/>
    public int HeapIndex { get; set; } = -1;

    /// <inheritdoc/>
    public bool Precedes(PoolMember other)
    {
        double mine = Node.Load;
        double others = other.Node.Load;
        return mine < others || (mine == others && Node.Id.Value < other.Node.Id.Value);
    }
}
