using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Local.Processes;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CoordinatorReady))]
[JsonSerializable(typeof(NodeReady))]
internal sealed partial class ReadyLineJson : JsonSerializerContext;
