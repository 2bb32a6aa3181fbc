using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;

namespace Cluster.Coordinator.Dispatch;

/// <summary>Tells the scheduler of a node twice: as a place for chunks, which need slots, and as one for processes, which do not. Runs in the scheduler's loop only.</summary>
internal sealed class NodeEvents(Scheduler scheduler)
{
    // A bound for programs that have gone wild; machines have fewer.
    private const int MaxProcesses = 1024;

    /// <summary>A node takes work from now on.</summary>
    public void Attached(NodeSession node, IReadOnlyList<HeldItem> chunks, IReadOnlyList<HeldItem> processes)
    {
        var terms = new NodeTerms { Name = node.Name, Slots = (int)node.Hello.Slots, Prefetch = (int)node.Hello.Prefetch, Labels = node.Hello.Labels };
        scheduler.NodeAttached(node.Id, terms, chunks);
        scheduler.NodeAttached(node.Id.ForProcesses, terms with { Slots = MaxProcesses, Prefetch = 0, ForProcesses = true }, processes);
    }

    /// <summary>Something else has happened to a node.</summary>
    public static void Tell(NodeSession node, Action<NodeId> happened)
    {
        happened(node.Id);
        happened(node.Id.ForProcesses);
    }
}
