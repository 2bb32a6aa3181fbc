using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Coordinator.Hosting;

/// <summary>The line on stdout that tells whoever started the coordinator that it listens, and where.</summary>
internal sealed partial record ReadyLine(IReadOnlyList<string> Addresses, int Pid, string Version, string? Metrics = null)
{
    /// <summary>The line, without its line break.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonContext.Default.ReadyLine);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(ReadyLine))]
    private sealed partial class JsonContext : JsonSerializerContext;
}
