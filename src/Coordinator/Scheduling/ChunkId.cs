namespace Cluster.Coordinator.Scheduling;

/// <summary>One hand-over of items to a node. Never used twice, so that answers of an earlier attempt cannot be taken for answers of a later one.</summary>
/// <param name="Value">The number.</param>
internal readonly record struct ChunkId(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"chunk {Value}";
}
