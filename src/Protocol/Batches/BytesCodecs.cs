namespace Cluster.Protocol.Batches;

/// <summary>The codecs of format BYTES: byte arrays and memory, and arrays of unmanaged values as they lie in memory.</summary>
internal static class BytesCodecs
{
    public static bool Takes(Type type) =>
        type == typeof(ReadOnlyMemory<byte>) || type == typeof(Memory<byte>) || (type.IsSZArray && FormatChoice.IsRaw(type.GetElementType()!));

    public static object For(Type type)
    {
        if (type == typeof(byte[]))
        {
            return ByteArrayCodec.Instance;
        }

        if (type == typeof(ReadOnlyMemory<byte>))
        {
            return ReadOnlyMemoryCodec.Instance;
        }

        return type == typeof(Memory<byte>)
            ? MemoryCodec.Instance
            : Activator.CreateInstance(typeof(RawArrayCodec<>).MakeGenericType(type.GetElementType()!))!;
    }
}
