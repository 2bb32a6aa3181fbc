namespace Cluster.Coordinator.Scheduling;

/// <summary>What becomes of the unanswered items of a chunk that is back.</summary>
internal sealed class ChunkReturn(JobEnding ending)
{
    /// <summary>A worker died while it held the chunk.</summary>
    public void WorkerLost(Chunk chunk)
    {
        Job job = chunk.Lane.Job;
        bool wasAlone = chunk.Items.Count == 1;
        for (int i = 0; i < chunk.Unanswered.RangeCount && !job.HasEnded; i++)
        {
            PendingSegment unanswered = chunk.Slice(chunk.Unanswered[i]);
            if (InfrastructureBudget.TryCharge(unanswered, wasAlone, out PendingSegment retry))
            {
                GoBack(chunk.Lane, retry);
            }
            else
            {
                ending.Fail(job, unanswered, FailureReason.WorkerLost, chunk.Node);
            }
        }
    }

    /// <summary>
    /// The node was lost with the chunk. What a worker had begun may be the cause; what had not begun is not. Where no other node may run them, the
    /// items fail with their node.
    /// </summary>
    public void NodeLost(Chunk chunk)
    {
        Job job = chunk.Lane.Job;
        for (int i = 0; i < chunk.Unanswered.RangeCount && !job.HasEnded; i++)
        {
            PendingSegment unanswered = chunk.Slice(chunk.Unanswered[i]);
            if (job.LaneOfItem is not null)
            {
                ending.Fail(job, unanswered, FailureReason.NodeLost, chunk.Node);
            }
            else if (chunk.StartedAt is null)
            {
                GoBack(chunk.Lane, unanswered with { Attempt = unanswered.Attempt + 1 });
            }
            else if (InfrastructureBudget.TryChargeNode(unanswered, out PendingSegment retry))
            {
                GoBack(chunk.Lane, retry);
            }
            else
            {
                ending.Fail(job, unanswered, FailureReason.NodesLost, chunk.Node);
            }
        }
    }

    /// <summary>The node handed the chunk back. An attempt that never began does not count.</summary>
    public static void HandedBack(Chunk chunk)
    {
        for (int i = 0; i < chunk.Unanswered.RangeCount; i++)
        {
            PendingSegment unanswered = chunk.Slice(chunk.Unanswered[i]);
            GoBack(chunk.Lane, chunk.StartedAt is null ? unanswered : unanswered with { Attempt = unanswered.Attempt + 1 });
        }
    }

    /// <summary>Withdrawn items that were not answered in time are cancelled, however the chunk ended.</summary>
    public void CancelWithdrawn(Chunk chunk)
    {
        for (int i = 0; i < chunk.Withdrawn.RangeCount; i++)
        {
            ItemRange items = chunk.Withdrawn[i];
            chunk.Unanswered.Remove(items);
            ending.Cancel(chunk.Lane.Job, items);
        }

        chunk.Withdrawn.Clear();
    }

    private static void GoBack(Lane lane, in PendingSegment segment)
    {
        lane.Pending.Add(segment);
        lane.Job.Pending += segment.Items.Count;
    }
}
