using System.Globalization;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Protocol.Batches;

/// <summary>
/// Gathers items, or results, into batches. An index that does not follow its predecessor, or a full batch, starts the next one by itself;
/// an item larger than a batch becomes fragments. Items are copied as they are added. Not thread-safe.
/// </summary>
/// <remarks>
/// What is pending leaves in one of two ways: <see cref="TakeAll"/> makes messages that own their memory (for gRPC), while
/// <see cref="Peek"/> shows headers and payloads in place until <see cref="Clear"/> reuses the memory (for frames).
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
public sealed class BatchBuilder<T>
{
    // Below this a copy is cheaper than giving the array away.
    private const int CopyBelow = 4 << 10;

    private readonly ItemCodec<T> _codec;
    private readonly PayloadWriter _payload;
    private readonly LengthTable _lengths = new();
    private readonly Queue<PendingPart> _parts = new();
    private readonly List<EncodedBatch> _peeked = [];
    private readonly int _maxPayloadBytes;
    private readonly long _maxItemBytes;
    private ulong _first;
    private int _open;
    private int _openStart;
    private long _partBytes;

    /// <summary>Creates an empty builder.</summary>
    /// <param name="codec">Writes the items.</param>
    /// <param name="maxItemBytes">The largest item that the other end takes (Accepted.max_item_bytes).</param>
    /// <param name="maxPayloadBytes">Cap of one batch's payload.</param>
    public BatchBuilder(
        ItemCodec<T> codec, long maxItemBytes = Limits.DefaultMaxItemBytes, int maxPayloadBytes = Limits.MaxPayloadBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPayloadBytes, Math.Max(1, codec.Stride));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItemBytes, 1);
        _codec = codec;
        _maxItemBytes = maxItemBytes;
        _maxPayloadBytes = maxPayloadBytes;
        _payload = new PayloadWriter(maxPayloadBytes);
    }

    /// <summary>Items that are pending.</summary>
    public long Count { get; private set; }

    /// <summary>Payload bytes that are pending. Above <see cref="Limits.PreferredPayloadBytes"/> it is time to send.</summary>
    public long ByteCount => _partBytes + _payload.Used - _openStart;

    /// <summary>Adds one item.</summary>
    /// <param name="index">Its index in the job.</param>
    /// <param name="item">The item; copied.</param>
    /// <exception cref="ItemEncodeException">The item cannot be written or is too large. What was pending before stays as it was.</exception>
    public void Add(ulong index, T item)
    {
        Expect(index);
        if (_codec.IsNull(item))
        {
            _lengths.Add(LengthTable.Null);
        }
        else
        {
            Write(index, item);
            if (_payload.RanOver)
            {
                CloseRunOver(index);
                return;
            }

            if (_codec.Format != Format.Raw)
            {
                _lengths.Add((uint)_payload.ItemBytes);
            }
        }

        _open++;
        Count++;
    }

    /// <summary>Adds consecutive items; of an unmanaged type in one memory copy per batch.</summary>
    /// <param name="first">Index in the job of the first.</param>
    /// <param name="items">The items; copied.</param>
    /// <exception cref="ItemEncodeException">An item cannot be written or is too large. The items before it are pending, it and those after it are not.</exception>
    public void AddRange(ulong first, ReadOnlySpan<T> items)
    {
        if (_codec.Format != Format.Raw)
        {
            foreach (var item in items)
            {
                Add(first++, item);
            }

            return;
        }

        while (!items.IsEmpty)
        {
            Expect(first);
            var room = Limits.MaxBatchItems - _open;
            if (_codec.Stride > 0)
            {
                room = Math.Min(room, (_maxPayloadBytes - _payload.Used) / _codec.Stride);
                if (room == 0)
                {
                    Close();
                    GiveUpBuffer();
                    continue;
                }
            }

            var taken = items[..Math.Min(room, items.Length)];
            _payload.BeginItem();
            _codec.WriteMany(_payload, taken);
            _open += taken.Length;
            Count += taken.Length;
            first += (uint)taken.Length;
            items = items[taken.Length..];
        }
    }

    /// <summary>
    /// Takes everything that is pending, as messages that own their memory. Lazy: each step lets go of one message, so that the parts of
    /// a large item can be collected as they are sent. Items may be added meanwhile; they wait for the next call.
    /// </summary>
    public IEnumerable<Batch> TakeAll()
    {
        Close();
        SettleBuffer();
        return Drain(_parts.Count);
    }

    /// <summary>Shows everything that is pending, in place. The headers and payloads are good until <see cref="Clear"/>.</summary>
    public IReadOnlyList<EncodedBatch> Peek()
    {
        Close();
        _peeked.Clear();
        foreach (var part in _parts)
        {
            _peeked.Add(new EncodedBatch(part.Header, (part.Buffer ?? _payload.Buffer).AsMemory(part.Offset, part.Length)));
        }

        return _peeked;
    }

    /// <summary>Forgets everything that is pending and reuses its memory.</summary>
    public void Clear()
    {
        _parts.Clear();
        _peeked.Clear();
        _lengths.Clear();
        _payload.Reset();
        _open = _openStart = 0;
        _partBytes = Count = 0;
    }

    private void Expect(ulong index)
    {
        if (_open == 0)
        {
            _first = index;
        }
        else if (index != _first + (uint)_open || _open == Limits.MaxBatchItems)
        {
            Close();
            _first = index;
        }
    }

    private void Write(ulong index, T item)
    {
        _payload.BeginItem();
        try
        {
            _codec.Write(_payload, item);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _payload.DropItem();
            throw new ItemEncodeException(index, $"Item {index} ({item?.GetType() ?? typeof(T)}) cannot be written as {_codec.Format}: {JsonProblem.Describe(e)}.", e);
        }

        if (_payload.ItemBytes > _maxItemBytes)
        {
            var size = _payload.ItemBytes;
            _payload.DropItem();
            var reason = string.Create(
                CultureInfo.InvariantCulture, $"Item {index} takes {size:N0} bytes; the largest that travels here has {_maxItemBytes:N0}.");
            throw new ItemEncodeException(index, $"{reason} Send it in parts, or raise the coordinator's limit.", new OverflowException(reason));
        }
    }

    /// <summary>Settles an item that did not fit behind its predecessors: into a batch of its own start, or into fragments.</summary>
    private void CloseRunOver(ulong index)
    {
        var total = _payload.ItemBytes;
        var pieces = _payload.TakePieces();
        Close();
        OwnParts(_payload.Buffer);
        if (total <= _maxPayloadBytes)
        {
            _openStart = 0;
            _payload.Restart(pieces);
            _lengths.Clear();
            if (_codec.Format != Format.Raw)
            {
                _lengths.Add((uint)total);
            }

            _first = index;
            _open = 1;
            Count++;
            return;
        }

        GiveUpBuffer();
        ulong offset = 0;
        foreach (var piece in pieces)
        {
            for (var start = 0; start < piece.Count; start += _maxPayloadBytes)
            {
                var length = Math.Min(_maxPayloadBytes, piece.Count - start);
                var header = new Batch { First = index, Count = 1, Format = _codec.Format, FragmentTotal = (ulong)total, FragmentOffset = offset };
                _parts.Enqueue(new PendingPart(header, piece.Array, piece.Offset + start, length));
                offset += (uint)length;
            }
        }

        _partBytes += total;
        Count++;
    }

    /// <summary>Ends the open batch; its payload stays where it is.</summary>
    private void Close()
    {
        if (_open == 0)
        {
            return;
        }

        var header = new Batch { First = _first, Count = (uint)_open, Format = _codec.Format, Stride = (uint)_codec.Stride, Lengths = _lengths.Take() };
        var length = _payload.Used - _openStart;
        _parts.Enqueue(new PendingPart(header, null, _openStart, length));
        _partBytes += length;
        _openStart = _payload.Used;
        _open = 0;
    }

    private void GiveUpBuffer()
    {
        OwnParts(_payload.Buffer);
        _payload.Detach();
        _openStart = 0;
    }

    /// <summary>Before messages refer to the array: give it to them if they fill it, else give them a copy that fits.</summary>
    private void SettleBuffer()
    {
        var used = _payload.Used;
        if (used >= CopyBelow && used >= _payload.Buffer.Length / 2)
        {
            GiveUpBuffer();
            return;
        }

        OwnParts(used == 0 ? [] : _payload.Buffer.AsSpan(0, used).ToArray());
        _payload.Reset();
        _openStart = 0;
    }

    private void OwnParts(byte[] buffer)
    {
        for (var i = _parts.Count; i > 0; i--)
        {
            var part = _parts.Dequeue();
            _parts.Enqueue(part.Buffer is null ? part with { Buffer = buffer } : part);
        }
    }

    private IEnumerable<Batch> Drain(int count)
    {
        while (count-- > 0 && _parts.TryDequeue(out var part))
        {
            _partBytes -= part.Length;
            Count -= part.Header.FragmentTotal == 0 || part.Header.FragmentOffset == 0 ? part.Header.Count : 0;
            part.Header.Payload = UnsafeByteOperations.UnsafeWrap(part.Buffer.AsMemory(part.Offset, part.Length));
            yield return part.Header;
        }
    }
}
