using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;
using HeldItem = Cluster.Coordinator.Scheduling.HeldItem;

namespace Cluster.Coordinator.Dispatch;

/// <summary>Finds out which jobs the items belong to that nodes bring along, by the keys of the jobs. Runs in the scheduler's loop only.</summary>
internal sealed class HeldWork(Scheduler scheduler, JobRegistry jobs, NodeRegistry nodes)
{
    /// <summary>The items of open jobs that a node has in hand; true: those that are processes.</summary>
    public ILookup<bool, HeldItem> Of(NodeSession node)
    {
        // Most nodes bring nothing along.
        var open = node.Hello.Held.Count == 0 ? [] : jobs.All.Where(static job => job.Spec.Key.Length > 0 && !job.HasEnded);
        var byKey = open.ToLookup(static job => job.Spec.Key);
        return node.Hello.Held
            .SelectMany(held => byKey[held.JobKey], static (held, job) => (Job: job, held.Index))
            .ToLookup(static item => item.Job.Terms.IsProcess, static item => new HeldItem(item.Job.Id, item.Index));
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
