using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;
using Grpc.Core;

namespace Cluster.Coordinator.Dispatch;

/// <summary>Acts on the silence of nodes. Runs in the scheduler's loop only.</summary>
internal sealed class LeaseWatch(Scheduler scheduler, NodeRegistry nodes, ILogger<SchedulerLoop> logger)
{
    /// <summary>Checks every lease.</summary>
    public void Check()
    {
        foreach (var node in nodes.All)
        {
            if (node.Lease.Check())
            {
                Act(node);
            }
        }
    }

    private void Act(NodeSession node)
    {
        switch (node.Lease.State)
        {
            case LeaseState.Held when node.IsConnected:
                DispatchLog.NodeTrusted(logger, node.Name);
                NodeEvents.Tell(node, scheduler.NodeTrusted);
                break;
            case LeaseState.Suspect:
                DispatchLog.NodeSuspected(logger, node.Name);
                NodeEvents.Tell(node, scheduler.NodeSuspected);
                break;
            case LeaseState.Lost:
                // The scheduler hears of it now; the end of the stream follows in its own time.
                NodeEvents.Tell(node, scheduler.NodeLost);
                node.Close(StatusCode.DeadlineExceeded, $"Node '{node.Name}' was silent for its whole lease. Its work went elsewhere; attach again.");
                break;
        }
    }
}
