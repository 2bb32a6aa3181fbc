using Cluster.Node.Workers.Broadcasts;
using Cluster.Node.Workers.Objects;

namespace Cluster.Node.Workers.Link;

/// <summary>What workers come to the node for, beside chunks.</summary>
/// <param name="Objects">Brings them to shared objects.</param>
/// <param name="Broadcasts">Gets broadcasts for them.</param>
internal sealed record WorkerDoors(ObjectRelay Objects, BroadcastDoor Broadcasts);
