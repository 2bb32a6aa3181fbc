using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Protocol.Batches;

/// <summary>Text, which arrives as it left or is refused: the serializer itself replaces what is no text and says nothing.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(Checked(value));

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(Checked(value));

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

    private static string Checked(string text)
    {
        // Nearly no text has any.
        for (var at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0 && at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out _, out var length) != OperationStatus.Done)
            {
                throw new NotSupportedException(
                    $"a text has half of a surrogate pair (U+{(int)text[at]:X4}) at position {at}, which no encoding of text can carry; send its characters as numbers");
            }

            at += length;
        }

        return text;
    }
}
