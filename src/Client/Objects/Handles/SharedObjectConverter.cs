using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Client.Objects.Handles;

/// <summary>Sends shared objects to tasks: as what they are found by.</summary>
internal sealed class SharedObjectConverter : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeof(IReferenced).IsAssignableFrom(typeToConvert);

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
        where T : class, IReferenced
    {
        private static readonly ConstructorInfo FromHandle =
            typeof(T).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [typeof(ObjectHandle)])
            ?? throw new InvalidOperationException($"{typeof(T)} has no constructor for a handle.");

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (T)FromHandle.Invoke([ObjectHandle.FromReference(reader.GetBytesFromBase64())]);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.Handle.ToReference());
    }
}
