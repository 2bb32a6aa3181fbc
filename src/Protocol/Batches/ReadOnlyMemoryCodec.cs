using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>Read-only memory of bytes.</summary>
internal sealed class ReadOnlyMemoryCodec : ItemCodec<ReadOnlyMemory<byte>>
{
    public static readonly ReadOnlyMemoryCodec Instance = new();

    private ReadOnlyMemoryCodec()
        : base(Format.Bytes, 0)
    {
    }

    internal override void Write(PayloadWriter payload, ReadOnlyMemory<byte> item) => payload.Append(item.Span);

    internal override ReadOnlyMemory<byte> Read(ReadOnlySpan<byte> item) => item.ToArray();

    internal override ReadOnlyMemory<byte> ReadOwned(byte[] item) => item;
}
