using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;
using HeldItem = Cluster.Coordinator.Scheduling.HeldItem;

namespace Cluster.Coordinator.Dispatch;

/// <summary>Tells the scheduler of a node twice: as a place for chunks, which need slots, and as one for processes, which do not. Used in the scheduler's loop only.</summary>
internal static class NodeEvents
{
    // A bound for programs that have gone wild; machines have fewer.
    private const int MaxProcesses = 1024;

    /// <summary>A node takes work from now on.</summary>
    /// <param name="scheduler">Who is told.</param>
    /// <param name="node">The node.</param>
    /// <param name="held">What it has in hand; true: processes.</param>
    public static void Attached(Scheduler scheduler, NodeSession node, ILookup<bool, HeldItem> held)
    {
        var terms = new NodeTerms { Name = node.Name, Slots = (int)node.Hello.Slots, Prefetch = (int)node.Hello.Prefetch, Labels = node.Hello.Labels };
        scheduler.NodeAttached(node.Id, terms, held[false]);
        scheduler.NodeAttached(node.Id.ForProcesses, terms with { Slots = MaxProcesses, Prefetch = 0, ForProcesses = true }, held[true]);
    }

    /// <summary>Something else has happened to a node.</summary>
    public static void Tell(NodeSession node, Action<NodeId> happened)
    {
        happened(node.Id);
        happened(node.Id.ForProcesses);
    }
}
