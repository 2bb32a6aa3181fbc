namespace Cluster.Coordinator.Scheduling;

/// <summary>
/// Runs stragglers a second time: where a job that allows it has nothing left to hand out and slots are idle, the chunk that has been out for longest, and
/// for much longer than its items should take, goes to another node too. Who answers an item first counts; the other copy is called off. The same is
/// done, for all jobs, with what a node has whose connection is gone, since it may come back with it or have died, and with what a node brings along.
/// </summary>
internal sealed class Speculation(
    NodeTable nodes, JobTable jobs, ChunkTable chunks, FairShare fairShare, CancelRequests requests, CommandBuffer commands, TimeProvider time)
{
    /// <summary>So many times what its items should take, by those that have been measured, a chunk has to be out.</summary>
    public const double Slowness = 2;

    /// <summary>What is over sooner is not worth a second run.</summary>
    public const double MinSeconds = 0.1;

    /// <summary>A node that is away for longer is not waited for: those that lost a connection only are back at once.</summary>
    public const double AwaySeconds = 0.5;

    /// <summary>Sends copies of stragglers to idle slots. The dispatcher has handed out what it could before.</summary>
    public void Run()
    {
        long now = time.GetTimestamp();
        foreach (Node node in nodes.All)
        {
            if (node.AwaySince is long since && time.GetElapsedTime(since, now).TotalSeconds >= AwaySeconds)
            {
                CopyAll(node);
            }
        }

        foreach (Job job in jobs.Speculating)
        {
            if (job.Pending > 0 || job.IsOutputBlocked || !job.Sizer.IsMeasured)
            {
                continue;
            }

            while (job.Lanes[0].Pool.IdleSlots > 0 && FindStraggler(job) is Chunk straggler && FindNode(straggler) is Node node)
            {
                Copy(straggler, node);
            }
        }
    }

    /// <summary>Items of a chunk have their answers: its copy need not answer them any more.</summary>
    public void ItemsAnswered(Chunk chunk, ItemRange items)
    {
        if (chunk.Twin is not Chunk twin)
        {
            return;
        }

        twin.Unanswered.Remove(items);
        if (twin.Unanswered.Count == 0)
        {
            Part(chunk, twin);
            requests.Ask(twin, CancelMode.Force);
        }
    }

    /// <summary>A chunk is back. If another copy of it is out its items are left to that one, and nobody is charged.</summary>
    /// <returns>Whether there is another copy.</returns>
    public static bool LeaveToTwin(Chunk chunk)
    {
        if (chunk.Twin is not Chunk twin)
        {
            return false;
        }

        Part(chunk, twin);
        twin.RaiseAttempt(chunk.Attempt);
        chunk.Unanswered.Clear();
        return true;
    }

    /// <summary>Calls the copy of a chunk off, whichever of the two is asked about.</summary>
    public void CallOff(Chunk chunk)
    {
        if (chunk.Twin is not Chunk twin)
        {
            return;
        }

        (Chunk kept, Chunk copy) = chunk.Id.Value < twin.Id.Value ? (chunk, twin) : (twin, chunk);
        Part(kept, copy);
        kept.RaiseAttempt(copy.Attempt);
        copy.Unanswered.Clear();
        requests.Ask(copy, CancelMode.Force);
    }

    /// <summary>A node has an item in hand that went to another meanwhile: the first answer of the two counts.</summary>
    public void Adopt(Job job, Node node, ulong index)
    {
        for (Chunk? chunk = job.OldestChunk; chunk is not null; chunk = chunk.Newer)
        {
            if (chunk.Items == new ItemRange(index, 1))
            {
                if (MayCopy(chunk) && chunk.Node != node && !job.IsOutputBlocked)
                {
                    commands.Add(SchedulerCommand.Adopt(node.Id, OpenCopy(chunk, node, out PendingSegment item).Id, job.Id, item));
                }

                return;
            }
        }
    }

    // What waits elsewhere can wait for longer than items that others may be waiting for: copies take any room, not idle slots alone.
    private void CopyAll(Node away)
    {
        for (int i = 0; i < away.Chunks.Count; i++)
        {
            Chunk chunk = away.Chunks[i];
            Job job = chunk.Lane.Job;
            if (MayCopy(chunk) && !job.HasEnded && !job.IsOutputBlocked && job.LaneOfItem is null && chunk.Lane.Pool.LeastLoaded is Node node)
            {
                Copy(chunk, node);
            }
        }
    }

    private Chunk? FindStraggler(Job job)
    {
        Chunk? slowest = null;
        double longest = MinSeconds;
        long now = time.GetTimestamp();
        for (Chunk? chunk = job.OldestChunk; chunk is not null; chunk = chunk.Newer)
        {
            if (!MayCopy(chunk) || Since(chunk) is not long since)
            {
                continue;
            }

            double seconds = time.GetElapsedTime(since, now).TotalSeconds;
            if (seconds >= longest && seconds > Slowness * job.Sizer.EstimateSeconds(chunk.Items.Count))
            {
                (slowest, longest) = (chunk, seconds);
            }
        }

        return slowest;
    }

    /// <summary>Since when a chunk keeps its job waiting: it runs, or its node does not even give it back.</summary>
    private static long? Since(Chunk chunk) => chunk.StartedAt ?? (chunk.RecalledFrom is null ? null : chunk.RecalledAt);

    private static Node? FindNode(Chunk chunk)
    {
        NodePool pool = chunk.Lane.Pool;
        Node? first = pool.LeastLoaded;
        Node? other = first == chunk.Node && pool.SecondLeastLoaded is { HasIdleSlot: true } second ? second : first;
        return other is { HasIdleSlot: true } ? other : null;
    }

    // One copy, and no more: where that was of no use another would hardly be.
    private static bool MayCopy(Chunk chunk) => !chunk.WasCopied && chunk.Unanswered.RangeCount == 1 && chunk.Withdrawn.Count == 0;

    private void Copy(Chunk straggler, Node node)
    {
        Chunk copy = OpenCopy(straggler, node, out PendingSegment segment);
        commands.Add(SchedulerCommand.Dispatch(node.Id, copy.Id, straggler.Lane.Job.Id, segment));
    }

    private Chunk OpenCopy(Chunk straggler, Node node, out PendingSegment segment)
    {
        Job job = straggler.Lane.Job;
        segment = straggler.Slice(straggler.Unanswered[0]);
        double cost = job.Sizer.EstimateSeconds(segment.Items.Count);
        segment = segment with { Attempt = segment.Attempt + 1 };
        Chunk copy = chunks.Open(straggler.Lane, node, segment, cost);
        (straggler.Twin, copy.Twin) = (copy, straggler);
        straggler.WasCopied = copy.WasCopied = true;
        fairShare.Charge(job, cost);
        return copy;
    }

    private static void Part(Chunk one, Chunk other) => one.Twin = other.Twin = null;
}
