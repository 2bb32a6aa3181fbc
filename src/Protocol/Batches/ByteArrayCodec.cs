using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>Byte arrays.</summary>
internal sealed class ByteArrayCodec : ItemCodec<byte[]>
{
    public static readonly ByteArrayCodec Instance = new();

    private ByteArrayCodec()
        : base(Format.Bytes, 0)
    {
    }

    internal override void Write(PayloadWriter payload, byte[] item) => payload.Append(item);

    internal override byte[] Read(ReadOnlySpan<byte> item) => item.ToArray();

    internal override byte[] ReadOwned(byte[] item) => item;
}
