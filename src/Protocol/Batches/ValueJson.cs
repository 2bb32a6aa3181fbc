using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Kind = Google.Protobuf.WellKnownTypes.Value.KindOneofCase;

namespace Cluster.Protocol.Batches;

/// <summary>Values that ad-hoc callers send and get, as JSON documents.</summary>
public static class ValueJson
{
    // Protocol Buffers libraries read messages of 100 levels, and an object takes three of them.
    private const int MaxReadDepth = 30;

    // Integers up to here are written in digits, as integers are; as doubles, the larger ones would have exponents.
    private const double ExactIntegers = 1L << 53;

    /// <summary>Writes a value.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="value">The value.</param>
    /// <param name="canonical">
    /// Equal values become equal bytes: the fields of objects, which arrive in any order, are sorted, and what JSON cannot say is refused. Otherwise fields are written as they come, and a value of no
    /// kind as null.
    /// </param>
    /// <exception cref="InvalidOperationException">With <paramref name="canonical"/>: a number that is not finite, or a value of no kind.</exception>
    public static void Write(Utf8JsonWriter json, Value value, bool canonical)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(value);
        switch (value.KindCase)
        {
            case Kind.StringValue:
                json.WriteStringValue(value.StringValue);
                break;
            case Kind.NumberValue when canonical && !double.IsFinite(value.NumberValue):
                throw new InvalidOperationException("it has a number that is not finite.");
            case Kind.NumberValue when double.IsInteger(value.NumberValue) && Math.Abs(value.NumberValue) <= ExactIntegers:
                json.WriteNumberValue((long)value.NumberValue);
                break;
            case Kind.NumberValue:
                json.WriteNumberValue(value.NumberValue);
                break;
            case Kind.BoolValue:
                json.WriteBooleanValue(value.BoolValue);
                break;
            case Kind.ListValue:
                json.WriteStartArray();
                foreach (var element in value.ListValue.Values)
                {
                    Write(json, element, canonical);
                }

                json.WriteEndArray();
                break;
            case Kind.StructValue:
                WriteFields(json, value.StructValue, canonical);
                break;
            case Kind.None when canonical:
                throw new InvalidOperationException("it has a value of no kind.");
            default:
                json.WriteNullValue();
                break;
        }
    }

    /// <summary>Reads a document. Integers beyond 2^53 are rounded; numbers beyond those of doubles become text.</summary>
    /// <param name="json">Exactly one document.</param>
    /// <exception cref="JsonException">It is none, or nests deeper than libraries of Protocol Buffers read.</exception>
    public static Value Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxReadDepth });
        reader.Read();
        var value = ReadValue(ref reader);
        return reader.Read() ? throw new JsonException("There is more behind the document.") : value;
    }

    private static Value ReadValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Value.ForString(reader.GetString());
            case JsonTokenType.Number:
                var number = reader.GetDouble();
                return double.IsFinite(number) ? Value.ForNumber(number) : Value.ForString(Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True or JsonTokenType.False:
                return Value.ForBool(reader.GetBoolean());
            case JsonTokenType.StartArray:
                var list = new ListValue();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Values.Add(ReadValue(ref reader));
                }

                return new Value { ListValue = list };
            case JsonTokenType.StartObject:
                var fields = new Struct();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    fields.Fields[name] = ReadValue(ref reader);
                }

                return Value.ForStruct(fields);
            default:
                return Value.ForNull();
        }
    }

    private static void WriteFields(Utf8JsonWriter json, Struct value, bool canonical)
    {
        json.WriteStartObject();
        foreach (var (name, field) in canonical ? value.Fields.OrderBy(static field => field.Key, StringComparer.Ordinal) : value.Fields.AsEnumerable())
        {
            json.WritePropertyName(name);
            Write(json, field, canonical);
        }

        json.WriteEndObject();
    }
}
