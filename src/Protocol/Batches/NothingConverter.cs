using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Protocol.Batches;

/// <summary>Writes <see cref="Nothing"/> as null, and takes any document for it: who expects nothing has no use for its content.</summary>
internal sealed class NothingConverter : JsonConverter<Nothing>
{
    public override bool HandleNull => true;

    public override void Write(Utf8JsonWriter writer, Nothing value, JsonSerializerOptions options) => writer.WriteNullValue();

    public override Nothing Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return default;
    }
}
