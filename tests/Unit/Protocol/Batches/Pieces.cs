using System.Buffers;

namespace Cluster.Unit.Protocol.Batches;

/// <summary>Bytes cut into pieces, as they lie in a pipe.</summary>
internal sealed class Pieces : ReadOnlySequenceSegment<byte>
{
    private Pieces(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    public static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> bytes, int size)
    {
        var first = new Pieces(bytes[..Math.Min(size, bytes.Length)], 0);
        var last = first;
        for (var start = size; start < bytes.Length; start += size)
        {
            var next = new Pieces(bytes[start..Math.Min(start + size, bytes.Length)], start);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
