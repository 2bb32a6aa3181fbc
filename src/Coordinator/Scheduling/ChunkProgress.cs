namespace Cluster.Coordinator.Scheduling;

/// <summary>What nodes tell about the chunks in their hands.</summary>
internal sealed class ChunkProgress(
    ChunkTable chunks, UnbegunChunks unbegun, ChunkReturn chunkReturn, CodeBar codeBar, ItemWithdrawal withdrawal, Speculation speculation, JobEnding ending, Dispatcher dispatcher,
    CommandBuffer commands, TimeProvider time)
{
    /// <summary>A worker has taken a chunk.</summary>
    public void Start(ChunkId id)
    {
        if (!chunks.TryGet(id, out Chunk? chunk) || chunk.StartedAt is not null)
        {
            return;
        }

        bool wasRecalled = chunk.RecalledFrom is not null;
        chunk.StartedAt = time.GetTimestamp();
        unbegun.Remove(chunk);
        if (!chunk.Lane.Job.HasEnded)
        {
            for (int i = 0; i < chunk.Unanswered.RangeCount; i++)
            {
                commands.Add(SchedulerCommand.ItemsStarted(chunk.Lane.Job.Id, chunk.Unanswered[i], chunk.Node.Id));
            }
        }

        if (wasRecalled)
        {
            // Another may do for the slot that this one came too late for.
            dispatcher.Run();
        }
    }

    /// <summary>Items have results.</summary>
    /// <param name="id">The chunk that they belong to.</param>
    /// <param name="items">The items.</param>
    /// <param name="resultBytes">Size of the results.</param>
    /// <param name="busy">Time that the worker spent on them.</param>
    /// <param name="accepted">Cleared; receives the items whose results count and must be delivered. The others have been answered before.</param>
    public void Succeed(ChunkId id, ItemRange items, long resultBytes, TimeSpan busy, List<ItemRange> accepted)
    {
        accepted.Clear();
        if (!chunks.TryGet(id, out Chunk? chunk) || chunk.Lane.Job.HasEnded)
        {
            return;
        }

        ulong before = chunk.Unanswered.Count;
        chunk.Unanswered.Remove(items, accepted);
        ulong count = before - chunk.Unanswered.Count;
        if (count == 0)
        {
            return;
        }

        Job job = chunk.Lane.Job;
        chunk.Withdrawn.Remove(items);
        speculation.ItemsAnswered(chunk, items);
        chunk.Node.ItemsAnswered += count;
        job.Completed += count;
        bool mayPrefetch = job.Sizer.MayPrefetch;
        job.Sizer.Record(count, busy.TotalSeconds, resultBytes, chunk.IsProbe);
        ending.EndIfComplete(job);
        withdrawal.ItemsAnswered(chunk);
        if (mayPrefetch != job.Sizer.MayPrefetch)
        {
            dispatcher.Run();
        }

        FlushPartialChunk(job);
    }

    /// <summary>An item has failed in the user's code.</summary>
    /// <returns>Whether the failure counts and must be delivered.</returns>
    public bool Fail(ChunkId id, ulong index)
    {
        if (!chunks.TryGet(id, out Chunk? chunk) || chunk.Lane.Job.HasEnded || !chunk.Unanswered.Contains(index))
        {
            return false;
        }

        chunk.Unanswered.Remove(new ItemRange(index, 1));
        chunk.Withdrawn.Remove(new ItemRange(index, 1));
        speculation.ItemsAnswered(chunk, new ItemRange(index, 1));
        chunk.Node.ItemsAnswered++;
        ending.CountFailure(chunk.Lane.Job);
        withdrawal.ItemsAnswered(chunk);
        FlushPartialChunk(chunk.Lane.Job);
        return true;
    }

    /// <summary>An item's time was up and its worker has to be ended. It fails, or goes back if its job allows another attempt.</summary>
    public void TimeOut(ChunkId id, ulong index, uint tries)
    {
        // Where another copy runs the item is left to that.
        if (chunks.TryGet(id, out Chunk? chunk) && !chunk.Lane.Job.HasEnded && chunk.Twin is null && chunk.Unanswered.Contains(index) && !chunk.Withdrawn.Contains(index))
        {
            chunk.Unanswered.Remove(new ItemRange(index, 1));
            chunkReturn.TimedOut(chunk, index, tries);
        }
    }

    /// <summary>A node is done with a chunk and the slot is free.</summary>
    /// <param name="id">The chunk.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="elapsed">From the hand-over to the worker until the end.</param>
    public void End(ChunkId id, ChunkOutcome outcome, TimeSpan elapsed)
    {
        if (!chunks.TryGet(id, out Chunk? chunk))
        {
            return;
        }

        // Whatever this leads to, nobody asks the node for the chunk any more.
        chunk.IsBack = true;
        if (outcome is ChunkOutcome.CodeFailed or ChunkOutcome.CodeUnavailable)
        {
            codeBar.Add(chunk.Lane.Job, chunk.Node, outcome);
        }

        TakeBack(chunk, elapsed.TotalSeconds, outcome);
        dispatcher.Run();
    }

    /// <summary>Sees to the items of a chunk that its node does not hold any more.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="seconds">How long it kept a slot busy.</param>
    /// <param name="outcome">How it ended; null: its node was lost with it.</param>
    public void TakeBack(Chunk chunk, double seconds, ChunkOutcome? outcome)
    {
        (Job job, Lane lane) = (chunk.Lane.Job, chunk.Lane);
        dispatcher.Settle(chunk, seconds);
        if (!Speculation.LeaveToTwin(chunk) && !job.HasEnded && chunk.Unanswered.Count > 0)
        {
            chunkReturn.Return(chunk, outcome);
        }

        chunks.Close(chunk);
        if (job.HasEnded)
        {
            ending.ReleaseIfIdle(job);
            return;
        }

        ending.EndIfComplete(job);
        dispatcher.Refresh(lane);
    }

    /// <summary>A chunk of the caller's size that is not full goes out as soon as nothing else of the job is under way.</summary>
    private void FlushPartialChunk(Job job)
    {
        if (job.Terms.ChunkSize is not null && job.Held == 0 && job.Pending > 0)
        {
            dispatcher.RefreshAll(job);
        }
    }
}
