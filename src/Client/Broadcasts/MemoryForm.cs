using System.Runtime.InteropServices;
using Cluster.Protocol.Memory;
using Cluster.Protocol.V1;

namespace Cluster.Client.Broadcasts;

/// <summary>Elements as they lie in memory: all workers of a node use the same, where they are mapped.</summary>
/// <typeparam name="TElement">The elements.</typeparam>
internal sealed class MemoryForm<TElement> : BroadcastForm<ReadOnlyMemory<TElement>>
    where TElement : unmanaged
{
    private const int PieceLength = 1 << 20;

    public override Format Format => Format.Raw;

    public override void Write(Stream file, ReadOnlyMemory<TElement> value)
    {
        // In pieces: together they may have more bytes than a span can hold.
        for (var rest = value.Span; !rest.IsEmpty; rest = rest[Math.Min(PieceLength, rest.Length)..])
        {
            file.Write(MemoryMarshal.AsBytes(rest[..Math.Min(PieceLength, rest.Length)]));
        }
    }

    public override ReadOnlyMemory<TElement> Read(MappedMemory mapped, int offset, Format format)
    {
        if (format != Format.Raw)
        {
            mapped.Dispose();
            throw new NotSupportedException($"it was sent as {format}.");
        }

        // The elements keep the mapping, and the chunk too: a function may use a span for longer than the memory that it is of.
        TaskContext.TryKeep(mapped);
        mapped.DisposeWhenUnreachable();
        return new MappedElements<TElement>(mapped, offset).Memory;
    }
}
