using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;

namespace Cluster.Protocol.Batches;

/// <summary>Protocol Buffers messages inside JSON have the form that Protocol Buffers defines for it: the serializer itself would lose their collections.</summary>
internal sealed class MessageJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => FormatChoice.IsMessage(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(MessageJsonConverter<>).MakeGenericType(typeToConvert))!;

    private sealed class MessageJsonConverter<TMessage> : JsonConverter<TMessage>
        where TMessage : IMessage, new()
    {
        public override void Write(Utf8JsonWriter writer, TMessage value, JsonSerializerOptions options) =>
            writer.WriteRawValue(JsonFormatter.Default.Format(value));

        public override TMessage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            try
            {
                return JsonParser.Default.Parse<TMessage>(document.RootElement.GetRawText());
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new JsonException(e.Message, e);
            }
        }
    }
}
