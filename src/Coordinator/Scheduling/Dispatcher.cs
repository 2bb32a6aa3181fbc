namespace Cluster.Coordinator.Scheduling;

/// <summary>Brings waiting items to nodes that take work: who is most deserving, to the node that is least loaded.</summary>
internal sealed class Dispatcher(
    FairShare fairShare, ChunkTable chunks, ChunkRecall recall, NodeAbsence absence, CommandBuffer commands, TimeProvider time)
{
    // Handing over costs something even when the items do not.
    private const double MinChargeSeconds = 10e-6;

    /// <summary>Hands out whatever can go out. If slots are idle after that, calls chunks back for them.</summary>
    public void Run()
    {
        while (FindNext() is Lane lane)
        {
            if (!ChargeOverdue(lane))
            {
                Send(lane, Choose(lane));
            }
        }

        recall.Run();
    }

    /// <summary>Puts a lane whose items, job or chunks changed into the queue, or takes it out.</summary>
    public void Refresh(Lane lane)
    {
        if (HasWorkToSend(lane))
        {
            fairShare.Enqueue(lane);
        }
        else
        {
            fairShare.Dequeue(lane);
        }

        if (absence.Update(lane))
        {
            commands.Add(SchedulerCommand.JobWaiting(lane.Job.Id));
        }
    }

    /// <summary>The same for all lanes of a job; then hands out what can go out.</summary>
    public void RefreshAll(Job job)
    {
        foreach (Lane lane in job.Lanes)
        {
            Refresh(lane);
        }

        Run();
    }

    /// <summary>Leaves an item that has just been taken out of its lane to a node that has it in hand already.</summary>
    public void Adopt(Lane lane, Node node, in PendingSegment item)
    {
        Job job = lane.Job;
        job.Pending--;
        double cost = Math.Max(MinChargeSeconds, job.Sizer.EstimateSeconds(1));
        Chunk chunk = chunks.Open(lane, node, item, cost);
        fairShare.Charge(job, cost);
        Refresh(lane);
        commands.Add(SchedulerCommand.Adopt(node.Id, chunk.Id, job.Id, item));
    }

    /// <summary>Corrects what a chunk was charged when its real cost is known.</summary>
    public void Settle(Chunk chunk, double seconds) => fairShare.Charge(chunk.Lane.Job, Math.Max(seconds, MinChargeSeconds) - chunk.ChargedSeconds);

    private static bool HasWorkToSend(Lane lane)
    {
        Job job = lane.Job;
        if (lane.Pending.Count == 0 || job.HasEnded || job.IsOutputBlocked)
        {
            return false;
        }

        // A caller's chunk size waits until a chunk is full, but never while nothing else of the job is under way: the inputs that would fill
        // it may depend on these results.
        return job.Terms.ChunkSize is not int size || job.LaneOfItem is not null || lane.Pending.Count >= (ulong)size
            || job.InputsEnded || job.Received >= job.Terms.ExpectedCount || job.Held == 0 || lane.Pending.StartsWithReturned;
    }

    private Lane? FindNext()
    {
        Lane? best = null;
        IReadOnlyList<NodePool> pools = fairShare.ActivePools;
        for (int i = 0; i < pools.Count; i++)
        {
            NodePool pool = pools[i];
            if (pool.LeastLoaded is Node node && pool.FirstLane is Lane lane && MayTake(node, lane)
                && (best is null || FairShare.Precedes(lane, best)))
            {
                best = lane;
            }
        }

        return best;
    }

    /// <summary>The least loaded node, or the next where the items had better not go to that one.</summary>
    private static Node Choose(Lane lane)
    {
        Node node = lane.Pool.LeastLoaded!;
        return lane.Pending.Avoid == node.Terms.Name && lane.Pool.SecondLeastLoaded is Node other && MayTake(other, lane) ? other : node;
    }

    /// <summary>
    /// Long items wait for an idle slot rather than on a busy node. While such an item is the most deserving, others do not take work ahead
    /// either, or no slot would ever become idle for it.
    /// </summary>
    private static bool MayTake(Node node, Lane lane)
    {
        if (node.HasIdleSlot)
        {
            return true;
        }

        if (!lane.Job.Sizer.MayPrefetch)
        {
            return false;
        }

        if (node.Memberships.Count > 1)
        {
            foreach (PoolMember member in node.Memberships)
            {
                if (member.Pool.FirstLane is Lane first && !first.Job.Sizer.MayPrefetch && FairShare.Precedes(first, lane))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>
    /// Chunks that run longer than they were charged for are charged for the time that they have run and a little more, before their job gets
    /// more: otherwise a job of endless items would take slot after slot.
    /// </summary>
    /// <returns>True when something was charged, so that it may be somebody else's turn.</returns>
    private bool ChargeOverdue(Lane lane)
    {
        Job job = lane.Job;
        if (job.OldestChunk is null || (lane.Pool.Waiting.Count == 1 && lane.Share.Lanes.Count == 1 && fairShare.ActivePools.Count == 1))
        {
            return false;
        }

        double overdue = 0;
        long now = time.GetTimestamp();
        while (job.OldestChunk is { StartedAt: long start } chunk)
        {
            double elapsed = time.GetElapsedTime(start, now).TotalSeconds;
            if (elapsed <= chunk.ChargedSeconds)
            {
                break;
            }

            // The same margin for all keeps the list in the order in which they become overdue again.
            double charge = elapsed + ChunkSizer.TargetSeconds;
            overdue += charge - chunk.ChargedSeconds;
            chunk.ChargedSeconds = charge;
            job.Remove(chunk);
            job.Add(chunk);
        }

        if (overdue > 0)
        {
            fairShare.Charge(job, overdue);
        }

        return overdue > 0;
    }

    private void Send(Lane lane, Node node)
    {
        Job job = lane.Job;
        int slots = Math.Max(1, lane.Pool.SlotCount);

        // While nobody knows how much will come, what waits is spread over the slots; near a known end the chunks shrink.
        bool isEndKnown = job.InputsEnded || job.Terms.ExpectedCount is not null;
        ulong size = job.Sizer.NextSize(job.Remaining, (ulong)(isEndKnown ? 2 * slots : slots));
        PendingSegment segment = lane.Pending.Take(size, job.Terms.ChunkSize is null ? ChunkSizer.MaxChunkBytes : double.MaxValue);
        job.Pending -= segment.Items.Count;

        double cost = Math.Max(MinChargeSeconds, job.Sizer.EstimateSeconds(segment.Items.Count));
        Chunk chunk = chunks.Open(lane, node, segment, cost);
        fairShare.Pick(lane);
        fairShare.Charge(job, cost);
        Refresh(lane);
        commands.Add(SchedulerCommand.Dispatch(node.Id, chunk.Id, job.Id, segment));
    }
}
