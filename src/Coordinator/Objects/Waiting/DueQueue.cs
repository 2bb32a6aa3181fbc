using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Waiting;

/// <summary>All that is due at some time: the ends of waits, of entries' lives and of sessions' leases.</summary>
internal sealed class DueQueue
{
    private readonly IndexedHeap<Due> _heap = new();

    /// <summary>How many have been set so far.</summary>
    public ulong LastOrder { get; set; }

    /// <summary>The next that is due; null: nothing is.</summary>
    public Due? Next => _heap.First;

    /// <summary>Has something happen after a while, or later or earlier than it was to happen.</summary>
    public void Set(Due due, long now, TimeSpan after)
    {
        _heap.Remove(due);
        due.At(now > long.MaxValue - after.Ticks ? long.MaxValue : now + after.Ticks, ++LastOrder);
        _heap.Set(due);
    }

    /// <summary>Calls something off.</summary>
    public void Remove(Due due) => _heap.Remove(due);

    /// <summary>Has something happen when a snapshot says.</summary>
    public void Restore(Due due, DueRecord? record)
    {
        if (record is not null)
        {
            due.At(record.Time, record.Order);
            _heap.Set(due);
        }
    }
}
