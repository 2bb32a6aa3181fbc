using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Cluster.Protocol.Batches;

namespace Cluster.Client.Jobs;

/// <summary>
/// Remembers what each unanswered item counts, so that an answer frees what the coordinator frees. One entry for a batch, not for
/// an item. Pure; the caller serializes the calls.
/// </summary>
internal sealed class SentLedger
{
    // Fewer settled entries are not worth moving the others.
    private const int WorthCompacting = 32;

    // Ordered by index. Some are settled and still here, until those are half of the list.
    private readonly List<Entry> _entries = [];
    private int _settled;

    /// <summary>How many entries it has, settled ones included.</summary>
    public int Entries => _entries.Count;

    /// <summary>Notes a batch. Batches come in the order of their indices.</summary>
    public void Add(InputBatch batch) => _entries.Add(new Entry(batch));

    /// <summary>Settles items that were answered.</summary>
    /// <returns>What they counted; -1 if they were never sent.</returns>
    public long Settle(long first, long count)
    {
        long bytes = 0;
        for (var i = Find(first); count > 0; i++)
        {
            if (i >= _entries.Count || first < _entries[i].First || first >= _entries[i].End || _entries[i].IsSettled)
            {
                return -1;
            }

            ref var entry = ref CollectionsMarshal.AsSpan(_entries)[i];
            var items = Math.Min(count, entry.End - first);
            bytes += entry.Settle(first, items);
            _settled += entry.IsSettled ? 1 : 0;
            first += items;
            count -= items;
        }

        Compact();
        return bytes;
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
            _entries.RemoveAll(static entry => entry.IsSettled);
            _settled = 0;
        }
    }

    private struct Entry(InputBatch batch)
    {
        private readonly int _stride = batch.Stride;
        private ReadOnlyMemory<byte> _lengths = batch.Lengths;
        private long _charge = batch.Charge;
        private long _open = batch.Count;

        public long First { get; } = batch.First;

        public long End { get; } = batch.First + batch.Count;

        public readonly bool IsSettled => _open == 0;

        public long Settle(long first, long items)
        {
            _open -= items;
            var charge = _open == 0 ? _charge : InFlightCharge.Of(items, Bytes(first, items), !_lengths.IsEmpty);
            _charge -= charge;
            if (_open == 0)
            {
                // The table must not live on with the list.
                _lengths = default;
            }

            return charge;
        }

        private readonly long Bytes(long first, long items)
        {
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
