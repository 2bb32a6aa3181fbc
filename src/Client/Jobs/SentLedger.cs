using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cluster.Client.Jobs;

/// <summary>
/// Remembers how many bytes each unanswered item has, so that an answer frees what the coordinator frees. One entry for a batch, not for
/// an item. Pure; the caller serializes the calls.
/// </summary>
internal sealed class SentLedger
{
    private readonly List<Entry> _entries = [];
    private int _head;

    /// <summary>Notes a batch. Batches come in the order of their indices.</summary>
    public void Add(InputBatch batch) => _entries.Add(new Entry(batch));

    /// <summary>Settles items that were answered.</summary>
    /// <returns>Their bytes; -1 if they were never sent.</returns>
    public long Settle(long first, long count)
    {
        long bytes = 0;
        for (var i = Find(first); count > 0; i++)
        {
            if (i < _head || i >= _entries.Count || first < _entries[i].First || first >= _entries[i].End)
            {
                return -1;
            }

            ref var entry = ref CollectionsMarshal.AsSpan(_entries)[i];
            var items = Math.Min(count, entry.End - first);
            bytes += entry.Settle(first, items);
            first += items;
            count -= items;
        }

        Trim();
        return bytes;
    }

    private int Find(long index)
    {
        int low = _head, high = _entries.Count - 1;
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

    private void Trim()
    {
        while (_head < _entries.Count && _entries[_head].IsSettled)
        {
            // The entry's table of lengths must not live on with the list.
            _entries[_head++] = default;
        }

        if (_head > 32 && _head * 2 > _entries.Count)
        {
            _entries.RemoveRange(0, _head);
            _head = 0;
        }
    }

    private struct Entry(InputBatch batch)
    {
        private readonly long _bytes = batch.Bytes;
        private readonly int _stride = batch.Stride;
        private readonly ReadOnlyMemory<byte> _lengths = batch.Lengths;
        private long _open = batch.Count;

        public long First { get; } = batch.First;

        public long End { get; } = batch.First + batch.Count;

        public readonly bool IsSettled => _open == 0;

        public long Settle(long first, long items)
        {
            _open -= items;
            if (items == End - First)
            {
                return _bytes;
            }

            if (_lengths.IsEmpty)
            {
                return items * _stride;
            }

            long bytes = 0;
            var lengths = _lengths.Span.Slice((int)(first - First) * sizeof(uint), (int)items * sizeof(uint));
            for (var i = 0; i < lengths.Length; i += sizeof(uint))
            {
                var length = BinaryPrimitives.ReadUInt32LittleEndian(lengths[i..]);
                bytes += length == uint.MaxValue ? 0 : length;
            }

            return bytes;
        }
    }
}
