namespace Cluster.Coordinator.Scheduling;

/// <summary>The items of a job that one pool of nodes may run. A job has one lane, a pinned job one per node that it names.</summary>
internal sealed class Lane(Job job) : IHeapEntry<Lane>
{
    /// <summary>The job.</summary>
    public Job Job { get; } = job;

    /// <summary>The owner's share that the lane waits in.</summary>
    public OwnerShare Share { get; set; } = null!;

    /// <summary>The nodes that may run the items.</summary>
    public NodePool Pool => Share.Pool;

    /// <summary>Items that no node holds.</summary>
    public PendingItems Pending { get; } = new();

    /// <summary>Since when items wait without any node that may run them; null while that is not so. A timestamp.</summary>
    public long? WithoutNodesSince { get; set; }

    /// <inheritdoc/>
    public int HeapIndex { get; set; } = -1;

    /// <inheritdoc/>
    public bool Precedes(Lane other) => Job.VirtualTime < other.Job.VirtualTime
        || (Job.VirtualTime == other.Job.VirtualTime && Job.Id.Value < other.Job.Id.Value);
}
