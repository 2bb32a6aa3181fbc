using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>What the ledger knows about a node.</summary>
internal sealed class NodeBook(NodeId id, NodeTerms terms)
{
    public NodeId Id => id;

    public NodeTerms Terms => terms;

    public bool IsTrusted { get; set; } = true;

    public int Chunks { get; set; }
}
