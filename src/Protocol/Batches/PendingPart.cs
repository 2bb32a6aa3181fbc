using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>A finished batch in a builder, and where its payload lies.</summary>
/// <param name="Header">All fields but the payload.</param>
/// <param name="Buffer">The array that holds the payload; null: the one that the builder still writes to.</param>
/// <param name="Offset">Where the payload starts.</param>
/// <param name="Length">How long it is.</param>
internal readonly record struct PendingPart(Batch Header, byte[]? Buffer, int Offset, int Length);
