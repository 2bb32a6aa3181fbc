using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Cli.Output;
using Cluster.Cli.Top;

namespace Cluster.Cli;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(FailureLine))]
[JsonSerializable(typeof(FunctionLine))]
[JsonSerializable(typeof(JobLine))]
[JsonSerializable(typeof(NodeLine))]
[JsonSerializable(typeof(ObjectLine))]
[JsonSerializable(typeof(TopSnapshot))]
[JsonSerializable(typeof(UpLine))]
internal sealed partial class CliJson : JsonSerializerContext;
