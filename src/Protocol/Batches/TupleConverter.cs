using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Protocol.Batches;

/// <summary>Reads and writes one tuple type as a JSON array with one element per member, however deep a long tuple nests its rest.</summary>
internal sealed class TupleConverter<TTuple> : JsonConverter<TTuple>
    where TTuple : ITuple
{
    private readonly TupleShape _shape = new(typeof(TTuple));

    public override void Write(Utf8JsonWriter writer, TTuple value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (var i = 0; i < _shape.Elements.Length; i++)
        {
            JsonSerializer.Serialize(writer, value[i], options.GetTypeInfo(_shape.Elements[i]));
        }

        writer.WriteEndArray();
    }

    public override TTuple Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"A tuple of {_shape.Elements.Length} is written as an array, not as {reader.TokenType}.");
        }

        var values = new object?[_shape.Elements.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray)
            {
                throw new JsonException($"The array has {i} elements; the tuple takes {values.Length}.");
            }

            try
            {
                values[i] = JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(_shape.Elements[i]));
            }
            catch (JsonException e)
            {
                // Elements are often the arguments of a call: say which one it is.
                throw new JsonException($"Element {i}: {e.Message}", e);
            }
        }

        return reader.Read() && reader.TokenType == JsonTokenType.EndArray
            ? (TTuple)_shape.Create(values)
            : throw new JsonException($"The array has more than the {values.Length} elements that the tuple takes.");
    }
}
