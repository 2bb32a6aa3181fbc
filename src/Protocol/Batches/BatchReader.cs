using System.Buffers;
using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>
/// Reads the items of one batch after another, without an allocation of its own per item. Fragments are gathered along the way: their item
/// appears with the last of them. Reusable; not thread-safe.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="codec">Reads the items; every batch must have its format.</param>
/// <param name="maxItemBytes">The largest item that is put together from fragments.</param>
public sealed class BatchReader<T>(ItemCodec<T> codec, long maxItemBytes = Limits.DefaultMaxItemBytes)
{
    private readonly FragmentAssembler _fragments = new(maxItemBytes);
    private byte[] _contiguous = [];
    private ReadOnlyMemory<byte> _payload;
    private ReadOnlyMemory<byte> _lengths;
    private byte[]? _large;
    private int _position;
    private int _next;

    /// <summary>Items of the open batch that have not been read.</summary>
    public int Remaining { get; private set; }

    /// <summary>The index in the job of the next item.</summary>
    public ulong Index { get; private set; }

    /// <summary>Opens a batch that carries its payload. What is left of the one before is skipped.</summary>
    /// <exception cref="MalformedBatchException">The batch breaks the rules or has another layout than the codec.</exception>
    public void Open(Batch batch) => Open(batch, batch.Payload.Memory);

    /// <summary>Opens a batch whose payload came beside it. The memory must stay as it is until the last item has been read.</summary>
    /// <inheritdoc cref="Open(Batch)"/>
    public void Open(Batch header, ReadOnlyMemory<byte> payload)
    {
        Remaining = 0;
        _large = null;
        var error = BatchRules.Check(header, payload.Length, maxItemBytes) ?? BatchRules.CheckLayout(header, codec.Format, (uint)codec.Stride);
        if (error is not null)
        {
            _fragments.Discard(header.First);
            throw new MalformedBatchException(error);
        }

        Index = header.First;
        if (header.FragmentTotal != 0)
        {
            _large = _fragments.Add(header, payload.Span);
            Remaining = _large is null ? 0 : 1;
            return;
        }

        _payload = payload;
        _lengths = header.Lengths.Memory;
        _position = _next = 0;
        Remaining = (int)header.Count;
    }

    /// <summary>Opens a batch whose payload may lie in several pieces; then it is copied into a buffer that the reader keeps.</summary>
    /// <inheritdoc cref="Open(Batch, ReadOnlyMemory{byte})"/>
    public void Open(Batch header, in ReadOnlySequence<byte> payload)
    {
        if (payload.IsSingleSegment || payload.Length > Limits.MaxPayloadBytes)
        {
            // A payload that is too long is refused by its length; it needs no copy for that.
            Open(header, payload.IsSingleSegment ? payload.First : throw new MalformedBatchException(BatchRules.Check(header, payload.Length, maxItemBytes)!));
            return;
        }

        var length = (int)payload.Length;
        if (_contiguous.Length < length)
        {
            _contiguous = GC.AllocateUninitializedArray<byte>(Math.Min(Limits.MaxPayloadBytes, Math.Max(length, 2 * _contiguous.Length)));
        }

        payload.CopyTo(_contiguous);
        Open(header, _contiguous.AsMemory(0, length));
    }

    /// <summary>Reads the next item of the open batch.</summary>
    /// <param name="index">Its index in the job.</param>
    /// <param name="item">The item.</param>
    /// <returns>False when the batch has no more.</returns>
    /// <exception cref="ItemDecodeException">Its bytes do not fit the type. It counts as read: the next call reads the item after it.</exception>
    public bool TryRead(out ulong index, out T item)
    {
        index = Index;
        if (Remaining == 0)
        {
            item = default!;
            return false;
        }

        Remaining--;
        Index++;
        try
        {
            item = ReadNext();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new ItemDecodeException(index, $"Item {index} is no {typeof(T)} in format {codec.Format}: {e.Message}", e);
        }

        return true;
    }

    /// <summary>Reads as many of the next items as fit; of an unmanaged type in one memory copy.</summary>
    /// <param name="destination">Where they go.</param>
    /// <returns>How many were read; 0 when the batch has no more.</returns>
    /// <exception cref="ItemDecodeException">As for <see cref="TryRead"/>; the items before it are in <paramref name="destination"/>.</exception>
    public int ReadMany(Span<T> destination)
    {
        var count = Math.Min(Remaining, destination.Length);
        if (codec.Format == Format.Raw)
        {
            var bytes = count * codec.Stride;
            codec.ReadMany(_payload.Span.Slice(_position, bytes), destination[..count]);
            _position += bytes;
            Index += (uint)count;
            Remaining -= count;
            return count;
        }

        for (var i = 0; i < count; i++)
        {
            TryRead(out _, out destination[i]);
        }

        return count;
    }

    private T ReadNext()
    {
        if (_large is { } large)
        {
            _large = null;
            return codec.ReadOwned(large);
        }

        var length = (uint)codec.Stride;
        if (codec.Format != Format.Raw)
        {
            length = LengthTable.Read(_lengths.Span, _next++);
            if (length == LengthTable.Null)
            {
                return default!;
            }
        }

        var bytes = _payload.Span.Slice(_position, (int)length);
        _position += (int)length;
        return codec.Read(bytes);
    }
}
