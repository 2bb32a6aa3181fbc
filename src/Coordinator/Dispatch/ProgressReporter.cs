using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Dispatch;

/// <summary>Tells clients how far their jobs are. Runs in the scheduler's loop only.</summary>
internal sealed class ProgressReporter(Scheduler scheduler, JobRegistry jobs, CommandRunner runner, ILogger<SchedulerLoop> logger)
{
    /// <summary>Tells those whose job has changed since the last time.</summary>
    public void Report()
    {
        foreach (var job in jobs.All)
        {
            // A client that lags behind would read about the past; it hears again when it has caught up.
            if (job.Spec.WantProgress && !job.Outbox.IsBlocked && scheduler.GetJob(job.Id) is { } snapshot)
            {
                Report(job, snapshot);
            }
        }
    }

    /// <summary>Tells at once that a job waits for nodes.</summary>
    public void ReportWaiting(JobId id)
    {
        if (!jobs.TryFind(id, out var job) || scheduler.GetJob(id) is not { } snapshot)
        {
            return;
        }

        DispatchLog.JobWaiting(logger, job.PublicId, snapshot.WaitingFor);
        if (job.Spec.WantProgress)
        {
            Report(job, snapshot);
        }
    }

    private void Report(JobSession job, in JobSnapshot snapshot)
    {
        var progress = new Progress
        {
            Received = snapshot.Received,
            Completed = snapshot.Completed,
            Failed = snapshot.Failed + snapshot.Cancelled,
            Running = snapshot.Running,
            Nodes = (uint)snapshot.Nodes,
            Slots = (uint)snapshot.Slots,
            WaitingFor = snapshot.WaitingFor ?? "",
        };
        if (!progress.Equals(job.LastProgress))
        {
            job.LastProgress = progress;
            runner.Send(job, new RunReply { Progress = progress });
        }
    }
}
