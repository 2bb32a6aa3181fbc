using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>A batch whose payload lies beside its header, as frames carry it.</summary>
/// <param name="Header">All fields but the payload, which is empty.</param>
/// <param name="Payload">The payload.</param>
public readonly record struct EncodedBatch(Batch Header, ReadOnlyMemory<byte> Payload);
