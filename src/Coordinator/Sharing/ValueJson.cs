using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Kind = Google.Protobuf.WellKnownTypes.Value.KindOneofCase;

namespace Cluster.Coordinator.Sharing;

/// <summary>
/// Writes values of ad-hoc callers as the SDK writes its own: keys are compared byte by byte. The fields of objects are sorted, because they arrive in any order.
/// </summary>
internal static class ValueJson
{
    // Integers up to here are written in digits, as integers are; as doubles, the larger ones would have exponents.
    private const double ExactIntegers = 1L << 53;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <exception cref="InvalidOperationException">JSON cannot say it: a number that is not finite, or a value of no kind.</exception>
    public static ByteString Write(Value value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, value);
        }

        return ByteString.CopyFrom(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Value value)
    {
        switch (value.KindCase)
        {
            case Kind.NullValue:
                json.WriteNullValue();
                break;
            case Kind.BoolValue:
                json.WriteBooleanValue(value.BoolValue);
                break;
            case Kind.StringValue:
                json.WriteStringValue(value.StringValue);
                break;
            case Kind.NumberValue when !double.IsFinite(value.NumberValue):
                throw new InvalidOperationException("it has a number that is not finite.");
            case Kind.NumberValue when double.IsInteger(value.NumberValue) && Math.Abs(value.NumberValue) <= ExactIntegers:
                json.WriteNumberValue((long)value.NumberValue);
                break;
            case Kind.NumberValue:
                json.WriteNumberValue(value.NumberValue);
                break;
            case Kind.ListValue:
                json.WriteStartArray();
                foreach (var element in value.ListValue.Values)
                {
                    Write(json, element);
                }

                json.WriteEndArray();
                break;
            case Kind.StructValue:
                json.WriteStartObject();
                foreach (var (name, field) in value.StructValue.Fields.OrderBy(static field => field.Key, StringComparer.Ordinal))
                {
                    json.WritePropertyName(name);
                    Write(json, field);
                }

                json.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException("it has a value of no kind.");
        }
    }
}
