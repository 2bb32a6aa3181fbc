namespace Cluster.Coordinator.Scheduling;

/// <summary>The coordinator's number for one attachment of a node; the same node gets another one when it attaches anew.</summary>
/// <param name="Value">The number.</param>
internal readonly record struct NodeId(uint Value)
{
    private const uint ProcessBit = 1u << 31;

    /// <summary>The same node as a place for processes, which need no slots: to the scheduler it is another.</summary>
    public NodeId ForProcesses => new(Value | ProcessBit);

    /// <summary>The attachment that it belongs to.</summary>
    public NodeId Attachment => new(Value & ~ProcessBit);

    /// <inheritdoc/>
    public override string ToString() => $"node {Value}";
}
