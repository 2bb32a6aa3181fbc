using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Jobs;

/// <summary>Says how far a job is that belongs to a call. Pure; runs in the scheduler's loop, to which the numbers belong.</summary>
internal static class StreamInfo
{
    private const string NothingSent = "its caller has sent no further items";

    /// <summary>How far it is.</summary>
    /// <param name="job">The job.</param>
    /// <param name="snapshot">What the scheduler knows of it; null: nothing any more.</param>
    public static JobInfo Of(JobSession job, JobSnapshot? snapshot)
    {
        var info = new JobInfo
        {
            JobId = job.PublicId,
            Kind = job.Kind,
            State = StateOf(job),
            Name = job.Name,
            Function = $"{job.Spec.Function.Type}.{job.Spec.Function.Method}",
            Items = job.Received,
            Completed = job.Completed,
            Failed = job.Failed,
            Running = job.HasEnded ? 0 : snapshot?.Running ?? 0,
            SubmittedAt = job.SubmittedAt.ToTimestamp(),
            Error = job.HasEnded ? job.Outbox.Failure : null,
            WaitingFor = job.HasEnded ? "" : Reason(job, snapshot),
            Node = job.ProcessNode,
            Pid = job.ProcessId,
        };
        if (job.HasAllInputs || job.Spec.HasExpectedCount)
        {
            info.ExpectedItems = job.HasAllInputs ? job.Received : Math.Max(job.Received, job.Spec.ExpectedCount);
        }

        return info;
    }

    private static JobStatus StateOf(JobSession job) =>
        !job.HasEnded ? job.State
        : job.Aborted.IsCompleted || job.Outbox.Failure is { Kind: ErrorKind.Cancelled } ? JobStatus.Cancelled
        : job.Outbox.Failure is null ? JobStatus.Done
        : JobStatus.Failed;

    // The scheduler knows of no item that waits; so it is the caller that is waited for.
    private static string Reason(JobSession job, JobSnapshot? snapshot) => snapshot switch
    {
        { WaitingFor: { } reason } => reason,
        { Pending: 0, Running: 0 } when !job.HasAllInputs => NothingSent,
        _ => "",
    };
}
