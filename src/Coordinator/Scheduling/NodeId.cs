namespace Cluster.Coordinator.Scheduling;

/// <summary>The coordinator's number for one attachment of a node; the same node gets another one when it attaches anew.</summary>
/// <param name="Value">The number.</param>
internal readonly record struct NodeId(uint Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"node {Value}";
}
