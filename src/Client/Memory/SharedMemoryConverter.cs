using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Client.Memory;

/// <summary>Shared memory travels as its name, and is attached where it arrives.</summary>
internal sealed class SharedMemoryConverter : JsonConverter<ClusterSharedMemory>
{
    public override ClusterSharedMemory Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var reference = document.RootElement;
        return ClusterSharedMemory.Attach(reference.GetProperty("name").GetString()!, (reference.GetProperty("id").GetGuid(), reference.GetProperty("host").GetString()!));
    }

    public override void Write(Utf8JsonWriter writer, ClusterSharedMemory value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("name", value.Name);
        writer.WriteString("id", value.Id);
        writer.WriteString("host", Environment.MachineName);
        writer.WriteEndObject();
    }
}
