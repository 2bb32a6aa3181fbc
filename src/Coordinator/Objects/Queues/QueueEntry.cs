using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Queues;

/// <summary>An item of a queue.</summary>
/// <param name="Id">Its number; also the name of its lease.</param>
/// <param name="Value">What was put.</param>
/// <param name="Deliveries">How often it was taken.</param>
internal readonly record struct QueueEntry(ulong Id, Payload Value, uint Deliveries);
