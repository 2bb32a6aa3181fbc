using System.Buffers;

namespace Cluster.Protocol.Batches;

/// <summary>
/// Where codecs put bytes: one array that grows up to the cap of a batch and, for an item that does not fit into it, further arrays, so
/// that a large item is never moved while it grows. The builder decides afterwards what becomes of an item that ran over.
/// </summary>
internal sealed class PayloadWriter(int maxBytes) : IBufferWriter<byte>
{
    private const int FirstCapacity = 256;
    private const int FirstOverflow = 64 << 10;

    private readonly List<ArraySegment<byte>> _overflow = [];
    private byte[] _buffer = [];
    private int _itemStart;
    private byte[] _tail = [];
    private int _tailUsed;
    private long _overflowBytes;
    private int _lastCapacity = FirstCapacity / 2;

    /// <summary>Bytes in the array, those of the open item included.</summary>
    public int Used { get; private set; }

    /// <summary>The array; grows, and is replaced, with the next write.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Bytes of the open item so far.</summary>
    public long ItemBytes => Used - _itemStart + _overflowBytes;

    /// <summary>Whether the open item did not fit into the array.</summary>
    public bool RanOver => _overflowBytes > 0;

    public void BeginItem()
    {
        _itemStart = Used;
        if (RanOverOrMust)
        {
            ForgetOverflow();
        }
    }

    /// <summary>Forgets what has been written of the open item.</summary>
    public void DropItem()
    {
        Used = _itemStart;
        ForgetOverflow();
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return RanOverOrMust ? _tail.AsMemory(_tailUsed) : _buffer.AsMemory(Used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return RanOverOrMust ? _tail.AsSpan(_tailUsed) : _buffer.AsSpan(Used);
    }

    public void Advance(int count)
    {
        if (!RanOverOrMust)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - Used));
            Used += count;
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_tail.Length - _tailUsed));
        _tailUsed += count;
        _overflowBytes += count;
    }

    /// <summary>Appends bytes; more than fit into the array are cut at the cap, so that they become fragments as they are.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, maxBytes)];
            piece.CopyTo(GetSpan(piece.Length));
            Advance(piece.Length);
            bytes = bytes[piece.Length..];
        }
    }

    /// <summary>Gives up the array to those who refer to it; the next write starts another.</summary>
    public void Detach()
    {
        _lastCapacity = Math.Max(_lastCapacity, _buffer.Length / 2);
        _buffer = [];
        Used = _itemStart = 0;
    }

    /// <summary>Empties the array for reuse. Nobody may refer to it any more.</summary>
    public void Reset()
    {
        Used = _itemStart = 0;
        ForgetOverflow();
    }

    /// <summary>Takes the pieces of the open item, in order. The first may lie in the array, which must then be detached.</summary>
    public List<ArraySegment<byte>> TakePieces()
    {
        List<ArraySegment<byte>> pieces = [];
        if (Used > _itemStart)
        {
            pieces.Add(new ArraySegment<byte>(_buffer, _itemStart, Used - _itemStart));
        }

        CloseTail();
        pieces.AddRange(_overflow);
        Used = _itemStart;
        ForgetOverflow();
        return pieces;
    }

    /// <summary>Starts a new array with an item that was written in pieces and fits: without a copy where one piece can be the array.</summary>
    public void Restart(List<ArraySegment<byte>> pieces)
    {
        if (pieces is [{ Offset: 0, Array: { } only }] && only.Length <= maxBytes)
        {
            _buffer = only;
            Used = pieces[0].Count;
            _itemStart = 0;
            return;
        }

        Detach();
        BeginItem();
        foreach (var piece in pieces)
        {
            Append(piece);
        }
    }

    // An empty tail that was reserved counts too: the write that follows goes there.
    private bool RanOverOrMust => _tail.Length != 0;

    private void Reserve(int size)
    {
        if (!RanOverOrMust)
        {
            if (size <= _buffer.Length - Used)
            {
                return;
            }

            if (size <= maxBytes - Used)
            {
                Grow(Used + size);
                return;
            }
        }

        if (size > _tail.Length - _tailUsed)
        {
            CloseTail();
            var ample = Math.Clamp(_overflowBytes, FirstOverflow, Math.Max(FirstOverflow, maxBytes));
            _tail = GC.AllocateUninitializedArray<byte>((int)Math.Max(size, ample));
        }
    }

    private void Grow(int needed)
    {
        // After an array was given up: what filled it will most likely fill the next.
        var doubled = 2 * (_buffer.Length == 0 ? _lastCapacity : _buffer.Length);
        var capacity = Math.Min(maxBytes, Math.Max(needed, doubled));
        var larger = GC.AllocateUninitializedArray<byte>(capacity);
        _buffer.AsSpan(0, Used).CopyTo(larger);
        _buffer = larger;
    }

    private void CloseTail()
    {
        if (_tailUsed > 0)
        {
            _overflow.Add(new ArraySegment<byte>(_tail, 0, _tailUsed));
        }

        _tail = [];
        _tailUsed = 0;
    }

    private void ForgetOverflow()
    {
        _overflow.Clear();
        _overflowBytes = 0;
        _tail = [];
        _tailUsed = 0;
    }
}
