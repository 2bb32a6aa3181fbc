using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>One JSON document per item. The declared type decides what is read: nothing in the document can name another.</summary>
internal sealed class JsonCodec<T>(JsonSerializerOptions options) : ItemCodec<T>(Format.Json, 0)
{
    private readonly JsonTypeInfo<T> _type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    internal override void Write(PayloadWriter payload, T item)
    {
        var writer = JsonWriterCache.Take(payload);
        JsonSerializer.Serialize(writer, item, _type);
        writer.Flush();
        JsonWriterCache.Return(writer);
    }

    // A document `null` is null too: callers without the SDK do not know of null lengths.
    internal override T Read(ReadOnlySpan<byte> item) => JsonSerializer.Deserialize(item, _type)!;
}
