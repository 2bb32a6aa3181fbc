namespace Cluster.Coordinator.Nodes;

/// <summary>What the silence of a node means.</summary>
internal enum LeaseState
{
    /// <summary>It was heard of in time.</summary>
    Held,

    /// <summary>It is silent for longer than it should be: no new work, but what it holds stays with it.</summary>
    Suspect,

    /// <summary>It is silent for the whole lease. It stays lost; the node has to attach anew.</summary>
    Lost,
}
