namespace Cluster.Coordinator.Scheduling;

/// <summary>How items get their last word, and jobs their end.</summary>
internal sealed class JobEnding(JobTable jobs, NodeAbsence absence, CancelRequests requests, CommandBuffer commands)
{
    /// <summary>Ends a job at once for its client; nodes are asked to give up what they hold of it.</summary>
    public void End(Job job, JobOutcome outcome)
    {
        if (job.HasEnded)
        {
            return;
        }

        job.HasEnded = true;
        jobs.Close(job);
        foreach (Lane lane in job.Lanes)
        {
            absence.Update(lane);
        }

        for (Chunk? chunk = job.OldestChunk; chunk is not null; chunk = chunk.Newer)
        {
            if (chunk.Unanswered.Count > 0)
            {
                requests.Ask(chunk, CancelMode.Force);
            }
        }

        commands.Add(SchedulerCommand.JobEnded(job.Id, outcome));
        ReleaseIfIdle(job);
    }

    /// <summary>Ends the job if every item has its answer.</summary>
    public void EndIfComplete(Job job)
    {
        if (job.IsComplete)
        {
            End(job, JobOutcome.Completed);
        }
    }

    /// <summary>Says so when nodes hold nothing of an ended job any more.</summary>
    public void ReleaseIfIdle(Job job)
    {
        if (job.HasEnded && job.ChunksOut == 0)
        {
            commands.Add(SchedulerCommand.JobReleased(job.Id));
        }
    }

    /// <summary>Counts a failure; it may be the one that ends the job.</summary>
    public void CountFailure(Job job)
    {
        job.Failed++;
        if (job.Terms.StopOnError)
        {
            End(job, JobOutcome.StoppedByFailure);
        }
        else
        {
            EndIfComplete(job);
        }
    }

    /// <summary>Fails items that the cluster gives up.</summary>
    public void Fail(Job job, in PendingSegment segment, FailureReason reason, Node? node)
    {
        for (ulong index = segment.Items.First; index < segment.Items.End && !job.HasEnded; index++)
        {
            commands.Add(SchedulerCommand.FailItem(job.Id, index, reason, segment.Attempt, node?.Id ?? default));
            CountFailure(job);
        }
    }

    /// <summary>Answers items as cancelled. The caller ends the job if that was all.</summary>
    public void Cancel(Job job, ItemRange items)
    {
        job.Cancelled += items.Count;
        commands.Add(SchedulerCommand.CancelItems(job.Id, items));
    }
}
