using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Protocol.Batches;

/// <summary>Protocol Buffers messages of a type that both ends know from the function's signature.</summary>
internal sealed class ProtoCodec<T> : ItemCodec<T>
    where T : class, IMessage, new()
{
    public ProtoCodec()
        : base(Format.Proto, 0)
    {
    }

    internal override void Write(PayloadWriter payload, T item)
    {
        var length = item.CalculateSize();
        item.WriteTo(payload.GetSpan(length)[..length]);
        payload.Advance(length);
    }

    internal override T Read(ReadOnlySpan<byte> item)
    {
        var message = new T();
        message.MergeFrom(item);
        return message;
    }
}
