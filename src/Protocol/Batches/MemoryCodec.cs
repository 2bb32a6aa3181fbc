using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>Memory of bytes.</summary>
internal sealed class MemoryCodec : ItemCodec<Memory<byte>>
{
    public static readonly MemoryCodec Instance = new();

    private MemoryCodec()
        : base(Format.Bytes, 0)
    {
    }

    internal override void Write(PayloadWriter payload, Memory<byte> item) => payload.Append(item.Span);

    internal override Memory<byte> Read(ReadOnlySpan<byte> item) => item.ToArray();

    internal override Memory<byte> ReadOwned(byte[] item) => item;
}
