namespace Cluster.Coordinator.Scheduling;

/// <summary>What becomes of the unanswered items of a chunk that is back.</summary>
internal sealed class ChunkReturn(JobEnding ending)
{
    /// <summary>Sees to every unanswered item.</summary>
    /// <param name="chunk">A chunk of a job that goes on.</param>
    /// <param name="outcome">How it ended; null: its node was lost with it.</param>
    public void Return(Chunk chunk, ChunkOutcome? outcome)
    {
        CancelWithdrawn(chunk);
        switch (outcome)
        {
            case null:
                NodeLost(chunk);
                break;
            case ChunkOutcome.CodeUnavailable when chunk.Lane.Job.LaneOfItem is not null:
                FailAll(chunk, FailureReason.CodeUnavailable);
                break;
            case ChunkOutcome.Done or ChunkOutcome.WorkerLost or ChunkOutcome.WorkerKilled or ChunkOutcome.SharedWorkerLost when chunk.Asked != CancelMode.Force:
                // A chunk that is done without all its answers is a fault of the node, and charged like a loss so that it cannot go round for ever.
                WorkerLost(chunk, outcome.Value);
                break;
            case ChunkOutcome.OutOfMemory when chunk.Asked != CancelMode.Force:
                OutOfMemory(chunk);
                break;
            default:
                // A worker that was ended on request is nobody's fault.
                HandedBack(chunk);
                break;
        }
    }

    /// <summary>An attempt at an item was ended because its time was up.</summary>
    /// <param name="chunk">The chunk that it belongs to.</param>
    /// <param name="index">The item, which is no longer one of the chunk's unanswered ones.</param>
    /// <param name="tries">How many attempts at it have failed.</param>
    public void TimedOut(Chunk chunk, ulong index, uint tries)
    {
        PendingSegment item = chunk.Slice(new ItemRange(index, 1));
        if (tries < chunk.Lane.Job.Terms.MaxTimeouts)
        {
            GoBack(chunk.Lane, item with { Attempt = item.Attempt + 1, Tries = (ushort)tries, Alone = true });
        }
        else
        {
            ending.Fail(chunk.Lane.Job, item, FailureReason.TimedOut, chunk.Node);
        }
    }

    private void WorkerLost(Chunk chunk, ChunkOutcome outcome)
    {
        Job job = chunk.Lane.Job;
        bool wasKilled = outcome == ChunkOutcome.WorkerKilled;

        // A node that was asked for a worker of its own and gave none is not believed for ever.
        bool wasAlone = chunk.Items.Count == 1 && (outcome != ChunkOutcome.SharedWorkerLost || chunk.WasAlone);
        for (int i = 0; i < chunk.Unanswered.RangeCount && !job.HasEnded; i++)
        {
            PendingSegment unanswered = chunk.Slice(chunk.Unanswered[i]);
            if (!job.Terms.IsProcess && InfrastructureBudget.TryCharge(unanswered, wasAlone, wasKilled, out PendingSegment retry))
            {
                GoBack(chunk.Lane, retry with { Avoid = chunk.Node.Terms.Name });
            }
            else
            {
                ending.Fail(job, unanswered, FailureReason.WorkerLost, chunk.Node);
            }
        }
    }

    private void OutOfMemory(Chunk chunk)
    {
        bool wasAlone = chunk.Items.Count == 1;
        for (int i = 0; i < chunk.Unanswered.RangeCount && !chunk.Lane.Job.HasEnded; i++)
        {
            PendingSegment unanswered = chunk.Slice(chunk.Unanswered[i]);
            if (InfrastructureBudget.TryChargeMemory(unanswered, wasAlone, out PendingSegment retry))
            {
                GoBack(chunk.Lane, retry with { Avoid = chunk.Node.Terms.Name });
            }
            else
            {
                ending.Fail(chunk.Lane.Job, unanswered, FailureReason.OutOfMemory, chunk.Node);
            }
        }
    }

    /// <summary>
    /// What a worker had begun may be the cause; what had not begun is not. Where no other node may run them, the items fail with their node.
    /// </summary>
    private void NodeLost(Chunk chunk)
    {
        Job job = chunk.Lane.Job;
        if (job.LaneOfItem is not null || (job.Terms.IsProcess && chunk.StartedAt is not null))
        {
            FailAll(chunk, FailureReason.NodeLost);
            return;
        }

        for (int i = 0; i < chunk.Unanswered.RangeCount && !job.HasEnded; i++)
        {
            PendingSegment unanswered = chunk.Slice(chunk.Unanswered[i]);
            if (chunk.StartedAt is null)
            {
                GoBack(chunk.Lane, unanswered with { Attempt = unanswered.Attempt + 1 });
            }
            else if (InfrastructureBudget.TryChargeNode(unanswered, out PendingSegment retry))
            {
                GoBack(chunk.Lane, retry with { Avoid = chunk.Node.Terms.Name });
            }
            else
            {
                ending.Fail(job, unanswered, FailureReason.NodesLost, chunk.Node);
            }
        }
    }

    /// <summary>An attempt that never began does not count.</summary>
    private void HandedBack(Chunk chunk)
    {
        if (chunk.Lane.Job.Terms.IsProcess && chunk.StartedAt is not null)
        {
            FailAll(chunk, FailureReason.NodeLost);
            return;
        }

        for (int i = 0; i < chunk.Unanswered.RangeCount; i++)
        {
            PendingSegment unanswered = chunk.Slice(chunk.Unanswered[i]);
            if (chunk.Asked == CancelMode.UnlessBegun)
            {
                // It was called back for an idle slot, which may be that of the node to avoid: there was no better one.
                unanswered = unanswered with { Avoid = null };
            }

            GoBack(chunk.Lane, chunk.StartedAt is null ? unanswered : unanswered with { Attempt = unanswered.Attempt + 1 });
        }
    }

    private void FailAll(Chunk chunk, FailureReason reason)
    {
        for (int i = 0; i < chunk.Unanswered.RangeCount && !chunk.Lane.Job.HasEnded; i++)
        {
            ending.Fail(chunk.Lane.Job, chunk.Slice(chunk.Unanswered[i]), reason, chunk.Node);
        }
    }

    /// <summary>Withdrawn items that were not answered in time are cancelled, however the chunk ended.</summary>
    private void CancelWithdrawn(Chunk chunk)
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
