using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Waiting;

/// <summary>Something that happens at a certain time unless it is called off.</summary>
internal abstract class Due : IHeapEntry<Due>
{
    /// <summary>When, in ticks of UTC.</summary>
    public long Time { get; private set; }

    /// <summary>Of those at one time, the lower goes first.</summary>
    public ulong Order { get; private set; }

    /// <inheritdoc/>
    public int HeapIndex { get; set; } = -1;

    /// <summary>Whether it is going to happen.</summary>
    public bool IsSet => HeapIndex >= 0;

    /// <inheritdoc/>
    public bool Precedes(Due other) => Time != other.Time ? Time < other.Time : Order < other.Order;

    /// <summary>For the snapshot; null where nothing is due.</summary>
    public DueRecord? Save() => IsSet ? new DueRecord { Time = Time, Order = Order } : null;

    /// <summary>Sets the time; only for the queue that it is in.</summary>
    internal void At(long time, ulong order)
    {
        Time = time;
        Order = order;
    }
}
