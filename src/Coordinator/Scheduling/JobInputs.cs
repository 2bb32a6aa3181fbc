namespace Cluster.Coordinator.Scheduling;

/// <summary>Items that clients send, and their end.</summary>
internal sealed class JobInputs(JobTable jobs, JobEnding ending, Adoption adoption, Dispatcher dispatcher)
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

        RequireNext(job, items);
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

        adoption.InputsAdded(job);
        dispatcher.Run();
    }

    /// <summary>The next items of a job have their answers from an earlier run of it: they count as received and completed.</summary>
    /// <param name="id">The job; ignored when it has ended.</param>
    /// <param name="items">The items.</param>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>.</exception>
    public void Skip(JobId id, ItemRange items)
    {
        if (!jobs.TryGet(id, out Job? job) || items.Count == 0)
        {
            return;
        }

        RequireNext(job, items);
        job.Received += items.Count;
        job.Completed += items.Count;

        // They may have been the last: chunks that wait to be filled need not wait any longer.
        dispatcher.RefreshAll(job);
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

    private static void RequireNext(Job job, ItemRange items)
    {
        if (job.InputsEnded || items.First != job.Received || (job.LaneOfItem is not null && items.End > (ulong)job.LaneOfItem.Length))
        {
            throw new ArgumentException(
                $"{job.Id} cannot take {items}: {job.Received} came so far, the end {(job.InputsEnded ? "too" : "did not")}, {job.LaneOfItem?.Length} are pinned.", nameof(items));
        }
    }

    private void AddPending(Lane lane, in PendingSegment segment)
    {
        lane.Pending.Add(segment);
        dispatcher.Refresh(lane);
    }
}
