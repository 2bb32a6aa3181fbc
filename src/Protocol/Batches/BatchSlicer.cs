using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Protocol.Batches;

/// <summary>
/// Cuts a batch into smaller ones without looking at its items and without copying them: slices share the batch's memory. Going forward is
/// cheap, since the place where the last slice ended is remembered. Not thread-safe.
/// </summary>
public sealed class BatchSlicer
{
    private readonly Batch _batch;
    private int _item;
    private int _offset;

    /// <summary>Takes a batch as it was received.</summary>
    /// <param name="batch">The batch, with its payload; must not change afterwards.</param>
    /// <param name="maxItemBytes">The largest item that may travel as fragments.</param>
    /// <exception cref="MalformedBatchException">The batch breaks the rules; the message says which.</exception>
    public BatchSlicer(Batch batch, long maxItemBytes = Limits.DefaultMaxItemBytes)
    {
        if (BatchRules.Check(batch, batch.Payload.Length, maxItemBytes) is { } error)
        {
            throw new MalformedBatchException(error);
        }

        _batch = batch;
    }

    /// <summary>The whole batch.</summary>
    public Batch Batch => _batch;

    /// <summary>Index in the job of the first item.</summary>
    public ulong First => _batch.First;

    /// <summary>Number of items.</summary>
    public int Count => (int)_batch.Count;

    /// <summary>Index in the job behind the last item.</summary>
    public ulong End => _batch.First + _batch.Count;

    /// <summary>Bytes of the payload.</summary>
    public int ByteCount => _batch.Payload.Length;

    /// <summary>Whether this is a part of one large item, which cannot be sliced.</summary>
    public bool IsFragment => _batch.FragmentTotal != 0;

    /// <summary>Bytes that some of the items take in the payload.</summary>
    /// <param name="first">Index in the job of the first.</param>
    /// <param name="count">How many, at least 1.</param>
    public int SizeOf(ulong first, int count)
    {
        var from = Position(first, count);
        return OffsetOf(from + count) - OffsetOf(from);
    }

    /// <summary>Bytes that one item takes in the payload; 0 for null.</summary>
    /// <param name="index">Its index in the job.</param>
    public int SizeOf(ulong index) => SizeOf(index, 1);

    /// <summary>Some of the items, as a batch that shares this one's memory.</summary>
    /// <param name="first">Index in the job of the first.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The items are not all in this batch.</exception>
    public Batch Slice(ulong first, int count)
    {
        var from = Position(first, count);
        if (count == Count)
        {
            return _batch;
        }

        var start = OffsetOf(from);
        var end = OffsetOf(from + count);
        return new Batch
        {
            First = first,
            Count = (uint)count,
            Format = _batch.Format,
            Stride = _batch.Stride,
            Lengths = _batch.Lengths.IsEmpty ? ByteString.Empty : Part(_batch.Lengths, from * LengthTable.EntryBytes, count * LengthTable.EntryBytes),
            Payload = Part(_batch.Payload, start, end - start),
        };
    }

    private static ByteString Part(ByteString whole, int start, int length) =>
        length == 0 ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(whole.Memory.Slice(start, length));

    private int Position(ulong first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(first, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)count, End - Math.Min(first, End), nameof(count));
        return (int)(first - First);
    }

    private int OffsetOf(int item)
    {
        if (IsFragment)
        {
            return item * ByteCount;
        }

        if (_batch.Format == Format.Raw)
        {
            return item * (int)_batch.Stride;
        }

        if (item < _item)
        {
            _item = _offset = 0;
        }

        var table = _batch.Lengths.Span;
        for (; _item < item; _item++)
        {
            var length = LengthTable.Read(table, _item);
            _offset += length == LengthTable.Null ? 0 : (int)length;
        }

        return _offset;
    }
}
