using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;
using HeldItem = Cluster.Coordinator.Scheduling.HeldItem;

namespace Cluster.Coordinator.Dispatch;

/// <summary>Finds out which jobs the items belong to that nodes bring along, by the keys of the jobs. Runs in the scheduler's loop only.</summary>
internal sealed class HeldWork(Scheduler scheduler, JobRegistry jobs, NodeRegistry nodes)
{
    /// <summary>The items of open jobs that a node has in hand.</summary>
    /// <param name="node">The node.</param>
    /// <param name="processes">Those that are processes, or the others.</param>
    public List<HeldItem> Of(NodeSession node, bool processes)
    {
        List<HeldItem> items = [];
        if (node.Hello.Held.Count == 0)
        {
            return items;
        }

        var byKey = jobs.All.Where(job => job.Spec.Key.Length > 0 && !job.HasEnded && job.Terms.IsProcess == processes).ToLookup(static job => job.Spec.Key, static job => job.Id);
        foreach (var held in node.Hello.Held)
        {
            items.AddRange(byKey[held.JobKey].Select(job => new HeldItem(job, held.Index)));
        }

        return items;
    }

    /// <summary>A job has been opened, again perhaps.</summary>
    public void Opened(JobSession job)
    {
        if (job.Spec.Key.Length == 0)
        {
            return;
        }

        foreach (var node in nodes.All)
        {
            foreach (var held in node.Hello.Held)
            {
                if (held.JobKey == job.Spec.Key)
                {
                    scheduler.ItemHeld(job.Terms.IsProcess ? node.Id.ForProcesses : node.Id, new HeldItem(job.Id, held.Index));
                }
            }
        }
    }
}
