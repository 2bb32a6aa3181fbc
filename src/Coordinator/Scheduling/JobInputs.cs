namespace Cluster.Coordinator.Scheduling;

/// <summary>Items that clients send, and their end.</summary>
internal sealed class JobInputs(JobTable jobs, JobEnding ending, Dispatcher dispatcher)
{
    /// <summary>More items of a job. Indices are consecutive and start at 0.</summary>
    /// <param name="id">The job; ignored when it has ended.</param>
    /// <param name="items">The items.</param>
    /// <param name="bytes">Size of all their inputs.</param>
    /// <exception cref="ArgumentException">They are not the next items of the job, or come after its end, or beyond the pinned ones.</exception>
    public void Add(JobId id, ItemRange items, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (!jobs.TryGet(id, out Job? job) || items.Count == 0)
        {
            return;
        }

        if (job.InputsEnded || items.First != job.Received || (job.LaneOfItem is not null && items.End > (ulong)job.LaneOfItem.Length))
        {
            throw new ArgumentException(
                $"{id} cannot take {items}: {job.Received} came so far, the end {(job.InputsEnded ? "too" : "did not")}, {job.LaneOfItem?.Length} are pinned.", nameof(items));
        }

        job.Received += items.Count;
        job.Pending += items.Count;
        PendingSegment segment = new(items, (double)bytes / items.Count);
        if (job.LaneOfItem is null)
        {
            AddPending(job.Lanes[0], segment);
        }
        else
        {
            for (ulong index = items.First; index < items.End; index++)
            {
                AddPending(job.LaneOfItem[index], segment.Slice(index, index + 1));
            }
        }

        dispatcher.Run();
    }

    /// <summary>No more items of a job come.</summary>
    public void End(JobId id)
    {
        if (jobs.TryGet(id, out Job? job) && !job.InputsEnded)
        {
            job.InputsEnded = true;
            ending.EndIfComplete(job);
            dispatcher.RefreshAll(job);
        }
    }

    private void AddPending(Lane lane, in PendingSegment segment)
    {
        lane.Pending.Add(segment);
        dispatcher.Refresh(lane);
    }
}
