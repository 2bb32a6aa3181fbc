using Cluster.Coordinator.Jobs;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Nodes;

/// <summary>What a node has answered in one message, checked.</summary>
/// <param name="Results">Results that came whole, and failures.</param>
/// <param name="Large">Large results whose last fragment came; null: there are none.</param>
/// <param name="Busy">Time that the worker spent on all of them.</param>
internal readonly record struct ChunkAnswer(Results Results, List<LargeItem>? Large, TimeSpan Busy);
