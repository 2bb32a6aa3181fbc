namespace Cluster.Protocol.Items;

/// <summary>A set of item indices, kept as sorted ranges that do not touch.</summary>
public sealed class RangeSet
{
    private readonly List<ItemRange> _ranges = [];

    /// <summary>How many items are in the set.</summary>
    public ulong Count { get; private set; }

    /// <summary>How many ranges hold them.</summary>
    public int RangeCount => _ranges.Count;

    /// <summary>The range at a position, in order of index.</summary>
    public ItemRange this[int position] => _ranges[position];

    /// <summary>Empties the set and keeps its memory.</summary>
    public void Clear()
    {
        _ranges.Clear();
        Count = 0;
    }

    /// <summary>Whether the item is in the set.</summary>
    public bool Contains(ulong index)
    {
        int position = FirstEndingAfter(index);
        return position < _ranges.Count && _ranges[position].First <= index;
    }

    /// <summary>Puts items in; those that are in already stay.</summary>
    public void Add(ItemRange items)
    {
        if (items.Count == 0)
        {
            return;
        }

        // Ranges that overlap the new one or touch it melt into it.
        int position = items.First == 0 ? 0 : FirstEndingAfter(items.First - 1);
        ulong first = items.First;
        ulong end = items.End;
        int melted = 0;
        while (position + melted < _ranges.Count && _ranges[position + melted].First <= end)
        {
            ItemRange range = _ranges[position + melted++];
            first = Math.Min(first, range.First);
            end = Math.Max(end, range.End);
            Count -= range.Count;
        }

        Replace(position, melted, ItemRange.Between(first, end), default);
        Count += end - first;
    }

    /// <summary>Takes items out.</summary>
    /// <param name="items">What to take out, as far as it is in the set.</param>
    /// <param name="removed">Receives what was taken out, in order.</param>
    public void Remove(ItemRange items, List<ItemRange>? removed = null)
    {
        int position = FirstEndingAfter(items.First);
        while (position < _ranges.Count)
        {
            ItemRange range = _ranges[position];
            ItemRange common = range.Intersect(items);
            if (common.Count == 0)
            {
                return;
            }

            removed?.Add(common);
            Count -= common.Count;
            position += Replace(position, 1, ItemRange.Between(range.First, common.First), ItemRange.Between(common.End, range.End));
        }
    }

    private int FirstEndingAfter(ulong index)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].End > index)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>Puts up to two ranges in the place of <paramref name="count"/> others; answers how many it put.</summary>
    private int Replace(int position, int count, ItemRange left, ItemRange right)
    {
        int put = 0;
        if (left.Count > 0)
        {
            Put(left);
        }

        if (right.Count > 0)
        {
            Put(right);
        }

        if (put < count)
        {
            _ranges.RemoveRange(position + put, count - put);
        }

        return put;

        void Put(ItemRange range)
        {
            if (put < count)
            {
                _ranges[position + put] = range;
            }
            else
            {
                _ranges.Insert(position + put, range);
            }

            put++;
        }
    }
}
