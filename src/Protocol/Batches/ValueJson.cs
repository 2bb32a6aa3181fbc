using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Kind = Google.Protobuf.WellKnownTypes.Value.KindOneofCase;

namespace Cluster.Protocol.Batches;

/// <summary>Writes the values that ad-hoc callers send and get as JSON documents.</summary>
public static class ValueJson
{
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
