using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Worker.Link;

/// <summary>A frame that is about to be sent.</summary>
/// <param name="Header">What it says.</param>
/// <param name="Batches">The batches whose payloads follow the header, in its order.</param>
internal readonly record struct OutgoingFrame(FromWorker Header, params EncodedBatch[] Batches);
