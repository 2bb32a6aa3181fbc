namespace Cluster.Coordinator.Scheduling;

/// <summary>The items of a job that no node holds, in the order in which they go out: by index, so that items that come back go to the front.</summary>
/// <remarks>Memory grows with the number of gaps between ranges, not with the number of items.</remarks>
internal sealed class PendingItems
{
    private PendingSegment[] _segments = new PendingSegment[2];
    private int _head;
    private int _tail;

    /// <summary>How many items wait.</summary>
    public ulong Count { get; private set; }

    /// <summary>How many segments hold them.</summary>
    public int SegmentCount => _tail - _head;

    /// <summary>Whether a node has held the next items before.</summary>
    public bool StartsWithReturned => _head < _tail && _segments[_head].WasOut;

    /// <summary>Name of the node that the next items had better not go to; null: there is none.</summary>
    public string? Avoid => _head < _tail ? _segments[_head].Avoid : null;

    /// <summary>Puts items in at their place.</summary>
    /// <param name="segment">Items that are not here yet.</param>
    public void Add(in PendingSegment segment)
    {
        Count += segment.Items.Count;
        int at = Find(segment.Items.First);
        if (at > _head && _segments[at - 1].Joins(segment))
        {
            _segments[at - 1] = _segments[at - 1].With(segment);
        }
        else if (at == _head && _head > 0)
        {
            _segments[--_head] = segment;
        }
        else
        {
            MakeRoom(ref at);
            _segments[at] = segment;
            _tail++;
        }
    }

    /// <summary>Takes the next items out: consecutive ones with one history.</summary>
    /// <param name="max">How many at most; at least 1.</param>
    /// <param name="maxBytes">How many bytes of inputs at most; one item is taken whatever its size.</param>
    /// <returns>The items; there must be some.</returns>
    public PendingSegment Take(ulong max, double maxBytes)
    {
        PendingSegment taken = TakeFromHead(max, maxBytes);
        while (taken.Items.Count < max && _head < _tail && IsContinuedBy(taken, _segments[_head]))
        {
            double left = maxBytes - (taken.BytesPerItem * taken.Items.Count);
            if (left < _segments[_head].BytesPerItem)
            {
                break;
            }

            taken = taken.With(TakeFromHead(max - taken.Items.Count, left));
        }

        Count -= taken.Items.Count;
        return taken;
    }

    /// <summary>Takes one particular item out, with its history.</summary>
    /// <returns>False: it does not wait here.</returns>
    public bool TryTake(ulong index, out PendingSegment item)
    {
        int at = Find(index);
        if (at == _tail || _segments[at].Items.First > index)
        {
            at--;
        }

        if (at < _head || _segments[at].Items.End <= index)
        {
            item = default;
            return false;
        }

        item = _segments[at].Slice(index, index + 1);
        Remove(item.Items, []);
        return true;
    }

    /// <summary>Takes particular items out.</summary>
    /// <param name="items">Which, as far as they wait here.</param>
    /// <param name="removed">Receives what was taken out, in order.</param>
    public void Remove(ItemRange items, List<ItemRange> removed)
    {
        int at = Find(items.First);
        if (at > _head && _segments[at - 1].Items.End > items.First)
        {
            at--;
        }

        while (at < _tail)
        {
            PendingSegment segment = _segments[at];
            ItemRange common = segment.Items.Intersect(items);
            if (common.Count == 0)
            {
                return;
            }

            removed.Add(common);
            Count -= common.Count;
            PendingSegment left = segment.Slice(segment.Items.First, common.First);
            PendingSegment right = segment.Slice(common.End, segment.Items.End);
            if (left.Items.Count > 0 && right.Items.Count > 0)
            {
                _segments[at++] = left;
                MakeRoom(ref at);
                _segments[at] = right;
                _tail++;
                return;
            }

            if (left.Items.Count + right.Items.Count > 0)
            {
                _segments[at++] = left.Items.Count > 0 ? left : right;
            }
            else
            {
                Array.Copy(_segments, at + 1, _segments, at, --_tail - at);
            }
        }
    }

    private static bool IsContinuedBy(in PendingSegment taken, in PendingSegment next) =>
        taken.Items.End == next.Items.First && taken.Attempt == next.Attempt && taken.Losses == next.Losses && taken.NodeLosses == next.NodeLosses && !taken.Alone && !next.Alone;

    private PendingSegment TakeFromHead(ulong max, double maxBytes)
    {
        PendingSegment head = _segments[_head];
        ulong fitting = head.BytesPerItem * head.Items.Count <= maxBytes ? head.Items.Count : Math.Max(1, (ulong)(maxBytes / head.BytesPerItem));
        ulong count = head.Alone ? 1 : Math.Min(max, fitting);
        PendingSegment taken = head.Slice(head.Items.First, head.Items.First + count);
        if (count < head.Items.Count)
        {
            _segments[_head] = head.Slice(taken.Items.End, head.Items.End);
        }
        else if (++_head == _tail)
        {
            _head = _tail = 0;
        }

        return taken;
    }

    /// <summary>Where a segment that begins at <paramref name="first"/> has its place.</summary>
    private int Find(ulong first)
    {
        int low = _head;
        int high = _tail;
        if (low == high || _segments[high - 1].Items.First < first)
        {
            return high;
        }

        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_segments[middle].Items.First < first)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Moves the segments from <paramref name="at"/> on by one, to the room at the front once that is half of the memory.</summary>
    private void MakeRoom(ref int at)
    {
        if (_tail == _segments.Length)
        {
            PendingSegment[] target = _head >= _segments.Length / 2 && _head > 0 ? _segments : new PendingSegment[_segments.Length * 2];
            Array.Copy(_segments, _head, target, 0, _tail - _head);
            at -= _head;
            _tail -= _head;
            _head = 0;
            _segments = target;
        }

        Array.Copy(_segments, at, _segments, at + 1, _tail - at);
    }
}
