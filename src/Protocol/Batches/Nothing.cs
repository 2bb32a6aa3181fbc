using System.Text.Json.Serialization;

namespace Cluster.Protocol.Batches;

/// <summary>
/// The item of calls without arguments and the result of functions that return nothing. It takes no bytes: a batch of it is a count. As JSON it is <c>null</c>.
/// </summary>
[JsonConverter(typeof(NothingConverter))]
public readonly record struct Nothing;
