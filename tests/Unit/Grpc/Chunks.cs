using System.Buffers;
using System.IO.Pipelines;

namespace Cluster.Unit.Wire;

/// <summary>Bytes as a pipe reader that gives them in pieces of one size, each in a segment of its own.</summary>
internal sealed class Chunks(byte[] bytes, int size) : PipeReader
{
    private int _given;
    private int _consumed;

    public override bool TryRead(out ReadResult result)
    {
        _given = Math.Min(bytes.Length, Math.Max(_given, _consumed) + size);
        result = new ReadResult(Sequence(), isCanceled: false, isCompleted: _given == bytes.Length);
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => throw new InvalidOperationException("TryRead always finds something.");

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        _consumed += (int)Sequence().Slice(0, consumed.GetObject() is Piece piece ? piece.RunningIndex + consumed.GetInteger() : 0).Length;

    public override void CancelPendingRead() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
    }

    private ReadOnlySequence<byte> Sequence()
    {
        var first = new Piece(ReadOnlyMemory<byte>.Empty, null);
        Piece last = first;
        for (int at = _consumed; at < _given; at += size)
        {
            last = new Piece(bytes.AsMemory(at, Math.Min(size, _given - at)), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
