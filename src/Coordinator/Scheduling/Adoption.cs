namespace Cluster.Coordinator.Scheduling;

/// <summary>
/// Leaves items to nodes that have them in hand already, from before the coordinator was restarted or the node was given up: they go on where they are,
/// whatever the load there. Where another node has begun meanwhile, both go on and who answers first counts.
/// </summary>
internal sealed class Adoption(NodeTable nodes, JobTable jobs, Dispatcher dispatcher, Speculation speculation)
{
    /// <summary>A node has an item of a job.</summary>
    /// <param name="id">The job; ignored when it has ended.</param>
    /// <param name="node">The node. If it is not attached, or about to leave, this changes nothing.</param>
    /// <param name="index">The item, which may not have come yet.</param>
    public void Add(JobId id, NodeId node, ulong index)
    {
        if (!jobs.TryGet(id, out Job? job))
        {
            return;
        }

        if (index >= job.Received)
        {
            (job.Expected ??= [])[index] = node;
        }
        else
        {
            Adopt(job, node, index);
        }
    }

    /// <summary>Items of a job have come, and wait.</summary>
    public void InputsAdded(Job job)
    {
        while (job.Expected is { Count: > 0 } expected)
        {
            (ulong index, NodeId node) = expected.First();
            if (index >= job.Received)
            {
                return;
            }

            expected.Remove(index);
            Adopt(job, node, index);
        }

        job.Expected = null;
    }

    private void Adopt(Job job, NodeId id, ulong index)
    {
        // A draining node has said so before it was attached for long: what it runs it finishes, but nobody else is to wait for it.
        if (!nodes.TryGet(id, out Node? node) || node.IsDraining)
        {
            return;
        }

        Lane lane = job.LaneOfItem is null ? job.Lanes[0] : job.LaneOfItem[index];
        if (lane.Pending.TryTake(index, out PendingSegment item))
        {
            dispatcher.Adopt(lane, node, item);
        }
        else
        {
            speculation.Adopt(job, node, index);
        }
    }
}
