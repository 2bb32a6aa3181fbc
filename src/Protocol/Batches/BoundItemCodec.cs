using System.Buffers.Binary;
using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>
/// Lays out items with captures, as <see cref="JobSpec.CapturesInItems"/> says: the length of the captures (4 bytes, little-endian), the
/// captures, and the item in its own format; a null item is a length with its highest bit set.
/// </summary>
/// <typeparam name="T">The type of the items themselves.</typeparam>
/// <param name="item">How they travel; both ends choose it by the type.</param>
public sealed class BoundItemCodec<T>(ItemCodec<T> item) : ItemCodec<BoundItem<T>>(Format.Bytes, 0)
{
    private const int HeaderBytes = sizeof(uint);
    private const uint NullItem = 1u << 31;

    internal override void Write(PayloadWriter payload, BoundItem<T> bound)
    {
        var isNull = item.IsNull(bound.Item);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.GetSpan(HeaderBytes), (uint)bound.Captures.Length | (isNull ? NullItem : 0));
        payload.Advance(HeaderBytes);
        payload.Append(bound.Captures.Span);
        if (!isNull)
        {
            item.Write(payload, bound.Item);
        }
    }

    internal override BoundItem<T> Read(ReadOnlySpan<byte> bytes)
    {
        var header = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var rest = bytes[HeaderBytes..];
        var length = header & ~NullItem;
        if (length > rest.Length)
        {
            throw new FormatException($"The captures have {length} bytes, but {rest.Length} came.");
        }

        var captures = rest[..(int)length].ToArray();
        return new BoundItem<T>(captures, (header & NullItem) != 0 ? default! : item.Read(rest[(int)length..]));
    }
}
