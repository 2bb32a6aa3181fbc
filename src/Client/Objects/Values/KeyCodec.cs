using System.Buffers;
using System.Text.Json;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Client.Objects.Values;

/// <summary>
/// Writes and reads the keys of shared dictionaries as <see cref="ValueCodec{T}"/> does values, in the one form that every caller finds them by, those of the service <c>Dict</c> included:
/// what JSON says as text (GUIDs, dates, characters) is text, and the fields of objects are sorted by name.
/// </summary>
internal static class KeyCodec<T>
    where T : notnull
{
    /// <exception cref="ClusterException">The key has no form that travels.</exception>
    public static Payload Encode(T key)
    {
        var payload = ValueCodec<T>.Encode(key);
        if (payload.Format != Format.Json || payload.Data.IsEmpty)
        {
            return payload;
        }

        switch (payload.Data.Span[0])
        {
            case (byte)'"':
                var reader = new Utf8JsonReader(payload.Data.Span);
                reader.Read();
                return new Payload { Format = Format.Utf8, Data = ByteString.CopyFromUtf8(reader.GetString()) };
            case (byte)'{' or (byte)'[':
                return new Payload { Format = Format.Json, Data = Sort(payload.Data) };
            default:
                return payload;
        }
    }

    /// <exception cref="ClusterException">What is there is no such key.</exception>
    public static T Decode(Payload payload) => ValueCodec<T>.Decode(payload);

    private static ByteString Sort(ByteString written)
    {
        using var document = JsonDocument.Parse(written.Memory, new JsonDocumentOptions { MaxDepth = ItemJson.MaxDepth });
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = ItemJson.Options.Encoder, MaxDepth = ItemJson.MaxDepth }))
        {
            Write(json, document.RootElement);
        }

        return ByteString.CopyFrom(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var field in element.EnumerateObject().OrderBy(static field => field.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(field.Name);
                    Write(json, field.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var each in element.EnumerateArray())
                {
                    Write(json, each);
                }

                json.WriteEndArray();
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
