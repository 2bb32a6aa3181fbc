using Cluster.Node.Workers;
using Cluster.Protocol.V1;

namespace Cluster.Node.Session;

/// <summary>Something that was said to the coordinator, or waits for that.</summary>
/// <param name="Message">What was said.</param>
/// <param name="Chunk">The chunk that it is about; null: it is not about one.</param>
/// <param name="Bytes">Size of its payload.</param>
internal readonly record struct Said(NodeMessage Message, PoolChunk? Chunk, int Bytes);
