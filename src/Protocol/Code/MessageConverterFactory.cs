using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Protocol.Batches;
using Google.Protobuf;

namespace Cluster.Protocol.Code;

/// <summary>Protocol Buffers messages inside captured values are their own bytes: their collections have no setters for JSON to use.</summary>
internal sealed class MessageConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => FormatChoice.IsMessage(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(MessageConverter<>).MakeGenericType(typeToConvert))!;

    private sealed class MessageConverter<TMessage> : JsonConverter<TMessage>
        where TMessage : IMessage, new()
    {
        public override void Write(Utf8JsonWriter writer, TMessage value, JsonSerializerOptions options) =>
            writer.WriteBase64StringValue(value.ToByteArray());

        public override TMessage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var message = new TMessage();
            message.MergeFrom(reader.GetBytesFromBase64());
            return message;
        }
    }
}
