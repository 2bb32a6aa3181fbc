using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>
/// Items to withdraw, until they have been sent: the coordinator must know an item before it can forget it. And those that it was told of, until they
/// are answered: another run of the job must hear of them, too.
/// </summary>
internal sealed class ItemCancellations
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, bool> _waiting = [];
    private readonly Dictionary<long, bool> _told = [];
    private int _count;
    private int _toldCount;

    public void Add(long index, bool force)
    {
        lock (_gate)
        {
            Wait_NeedsLock(index, force);
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
                var index = (long)(taken!.First + i);
                _waiting.Remove(index);
                _told[index] = taken.Force || _told.GetValueOrDefault(index);
            }

            Count_NeedsLock();
            return taken;
        }
    }

    /// <summary>Forgets items that are answered.</summary>
    public void Answered(long first, long count)
    {
        if (Volatile.Read(ref _toldCount) == 0)
        {
            return;
        }

        lock (_gate)
        {
            // Those that run have one of the two in large numbers at most.
            if (count < _told.Count)
            {
                for (var index = first; index < first + count; index++)
                {
                    _told.Remove(index);
                }
            }
            else
            {
                foreach (var index in _told.Keys)
                {
                    if (index >= first && index - first < count)
                    {
                        _told.Remove(index);
                    }
                }
            }

            Count_NeedsLock();
        }
    }

    /// <summary>Another run of the job begins, which has not been told of any.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            foreach (var (index, force) in _told)
            {
                Wait_NeedsLock(index, force);
            }

            _told.Clear();
            Count_NeedsLock();
        }
    }

    private void Wait_NeedsLock(long index, bool force)
    {
        _waiting[index] = force || _waiting.GetValueOrDefault(index);
        Count_NeedsLock();
    }

    private void Count_NeedsLock()
    {
        _count = _waiting.Count;
        _toldCount = _told.Count;
    }
}
