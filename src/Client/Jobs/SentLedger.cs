using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Items;

namespace Cluster.Client.Jobs;

/// <summary>
/// Keeps the batches that were sent until the last of their items is answered: what each item counts, so that an answer frees what the
/// coordinator frees, and the bytes, so that a run of the job whose call broke is followed by another. One entry for a batch, not for an
/// item. Pure; the caller serializes the calls.
/// </summary>
internal sealed class SentLedger
{
    // Fewer settled entries are not worth moving the others.
    private const int WorthCompacting = 32;

    // What was sent, in whatever run, and is not answered.
    private readonly RangeSet _open = new();

    // Ordered by index. Some are settled and still here, until those are half of the list.
    private List<Entry> _entries = [];
    private int _settled;

    // Entries before this one were sent in this run, and with them, or skipped, the items before this index.
    private int _current;
    private long _next;

    /// <summary>How many entries it has, settled ones included.</summary>
    public int Entries => _entries.Count;

    /// <summary>Every item that was ever sent is answered.</summary>
    public bool IsSettled => _open.Count == 0;

    /// <summary>Every item that was ever sent has been sent in this run, or skipped.</summary>
    public bool IsCurrent => _next == End;

    /// <summary>Index behind the last item that was ever sent.</summary>
    public long End { get; private set; }

    /// <summary>Notes a batch that is sent for the first time. Batches come in the order of their indices.</summary>
    public void Add(InputBatch batch)
    {
        _entries.Add(new Entry(batch));
        _open.Add(new ItemRange((ulong)batch.First, (ulong)batch.Count));
        _current = _entries.Count;
        _next = End = batch.First + batch.Count;
    }

    /// <summary>Settles items that were answered.</summary>
    /// <returns>What they counted; -1 if they were never sent, not sent in this run, or answered before.</returns>
    public long Settle(long first, long count)
    {
        long bytes = 0;
        for (var i = Find(first); count > 0; i++)
        {
            if (i >= _current || first < _entries[i].First || first >= _entries[i].End)
            {
                return -1;
            }

            ref var entry = ref CollectionsMarshal.AsSpan(_entries)[i];
            var items = Math.Min(count, entry.End - first);
            if (!TryClose(first, items))
            {
                return -1;
            }

            bytes += entry.Settle(first, items);
            _settled += entry.IsSettled ? 1 : 0;
            first += items;
            count -= items;
        }

        Compact();
        return bytes;
    }

    /// <summary>Whether an item was sent, in whatever run, and is not answered.</summary>
    public bool IsOpen(long index) => _open.Contains((ulong)index);

    /// <summary>Begins another run of the job, in which nothing has been sent yet. Batches that were answered in part are cut into what is left of them.</summary>
    /// <param name="maxBytes">The most that a batch of several items may count from now on.</param>
    /// <param name="maxItems">The most items that a batch may have from now on.</param>
    public void Rewind(long maxBytes, long maxItems)
    {
        var left = new List<Entry>();
        var range = 0;
        foreach (var entry in _entries)
        {
            for (; range < _open.RangeCount && (long)_open[range].First < entry.End; range++)
            {
                entry.CutInto(left, _open[range], maxBytes, maxItems);
                if ((long)_open[range].End > entry.End)
                {
                    // It goes on in the next entry.
                    break;
                }
            }
        }

        _entries = left;
        _settled = 0;
        _current = 0;
        _next = 0;
    }

    /// <summary>Skips the items before the next one to send again: those that were answered in an earlier run.</summary>
    /// <returns>The items; empty where the next one to send follows at once.</returns>
    public ItemRange Skip()
    {
        var end = _current < _entries.Count ? _entries[_current].First : End;
        var skipped = ItemRange.Between((ulong)_next, (ulong)end);
        _next = end;
        return skipped;
    }

    /// <summary>Looks at the next batch to send again, once what is before it is skipped.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryPeek(out InputBatch batch)
    {
        if (_current >= _entries.Count)
        {
            batch = default;
            return false;
        }

        batch = _entries[_current].Batch;
        return true;
    }

    /// <summary>Notes that this batch is sent again.</summary>
    public void MoveOn() => _next = _entries[_current++].End;

    // All of them or none: an answer that comes twice is a fault of the cluster.
    private bool TryClose(long first, long items)
    {
        var before = _open.Count;
        _open.Remove(new ItemRange((ulong)first, (ulong)items));
        return before - _open.Count == (ulong)items;
    }

    private int Find(long index)
    {
        int low = 0, high = _entries.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_entries[middle].First <= index)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    // Wherever they are: one slow item may be older than everything that was answered since.
    private void Compact()
    {
        if (_settled > WorthCompacting && _settled > _entries.Count / 2)
        {
            // Only what was sent in this run is settled.
            _entries.RemoveAll(static entry => entry.IsSettled);
            _current -= _settled;
            _settled = 0;
        }
    }

    private struct Entry(InputBatch batch)
    {
        private long _charge = batch.Charge;
        private long _open = batch.Count;

        public InputBatch Batch { get; private set; } = batch;

        public long First { get; } = batch.First;

        public long End { get; } = batch.First + batch.Count;

        public readonly bool IsSettled => _open == 0;

        public long Settle(long first, long items)
        {
            _open -= items;
            var charge = _open == 0 ? _charge : InFlightCharge.Of(items, Bytes(first, items), !Batch.Lengths.IsEmpty);
            _charge -= charge;
            if (_open == 0)
            {
                // The bytes must not live on with the list.
                Batch = default;
            }

            return charge;
        }

        /// <summary>Adds what is left of the entry in a range of unanswered items.</summary>
        public readonly void CutInto(List<Entry> left, ItemRange open, long maxBytes, long maxItems)
        {
            var items = open.Intersect(new ItemRange((ulong)First, (ulong)(End - First)));
            if ((long)items.Count == Batch.Count && Batch.Fits(maxBytes, maxItems))
            {
                left.Add(new Entry(Batch));
                return;
            }

            var part = new BatchSlicer(Batch.Messages[0]).Slice(items.First, (int)items.Count);
            foreach (var whole in InputBatch.Gather([part], maxBytes, maxItems))
            {
                left.Add(new Entry(whole));
            }
        }

        private readonly long Bytes(long first, long items)
        {
            if (Batch.Lengths.IsEmpty)
            {
                return items * Batch.Stride;
            }

            long bytes = 0;
            var lengths = Batch.Lengths.Span.Slice((int)(first - First) * sizeof(uint), (int)items * sizeof(uint));
            for (var i = 0; i < lengths.Length; i += sizeof(uint))
            {
                var length = BinaryPrimitives.ReadUInt32LittleEndian(lengths[i..]);
                bytes += length == uint.MaxValue ? 0 : length;
            }

            return bytes;
        }
    }
}
