using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Protocol.V1;

namespace Cluster.Client.Broadcasts;

/// <summary>Sends broadcasts to tasks: as what they are found by.</summary>
internal sealed class BroadcastConverter : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeof(IBroadcast).IsAssignableFrom(typeToConvert);

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GenericTypeArguments))!;

    private sealed class Converter<T> : JsonConverter<Broadcast<T>>
    {
        public override Broadcast<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(CodeFile.Parser.ParseFrom(reader.GetBytesFromBase64()));

        public override void Write(Utf8JsonWriter writer, Broadcast<T> value, JsonSerializerOptions options) =>
            writer.WriteBase64StringValue(Google.Protobuf.MessageExtensions.ToByteArray(((IBroadcast)value).File));
    }
}
