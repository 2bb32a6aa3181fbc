using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Items to withdraw, until they have been sent: the coordinator must know an item before it can forget it.</summary>
internal sealed class ItemCancellations
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, bool> _waiting = [];
    private int _count;

    public void Add(long index, bool force)
    {
        lock (_gate)
        {
            _waiting[index] = force || _waiting.GetValueOrDefault(index);
            _count = _waiting.Count;
        }
    }

    /// <summary>Takes consecutive items, alike in force, that are below <paramref name="sent"/>; null if there are none.</summary>
    public CancelItems? TryTake(long sent)
    {
        if (Volatile.Read(ref _count) == 0)
        {
            return null;
        }

        lock (_gate)
        {
            CancelItems? taken = null;
            foreach (var (index, force) in _waiting)
            {
                if (index >= sent || (taken is not null && (taken.Force != force || taken.First + taken.Count != (ulong)index)))
                {
                    break;
                }

                taken ??= new CancelItems { First = (ulong)index, Force = force };
                taken.Count++;
            }

            for (ulong i = 0; i < (taken?.Count ?? 0); i++)
            {
                _waiting.Remove((long)(taken!.First + i));
            }

            _count = _waiting.Count;
            return taken;
        }
    }
}
