using Cluster.Cli.Output;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Cli.Commands.Jobs;

/// <summary>Waits for the end of a job, and shows how far it is.</summary>
internal static class JobFollower
{
    /// <exception cref="RpcException">There is no such job, or the coordinator is gone.</exception>
    public static async Task<JobInfo> WaitAsync(JobCall jobs, string id, bool quiet)
    {
        var time = TimeProvider.System;
        var bar = new JobBar(time);
        await using var ticker = new StatusTicker(StatusLine.OnStandardError(quiet), bar.Describe, time);
        using var call = jobs.Service.Watch(new WatchJobRequest { JobId = id }, jobs.Options);
        JobInfo? last = null;
        while (await call.ResponseStream.MoveNext(jobs.Options.CancellationToken))
        {
            bar.Show(last = call.ResponseStream.Current);
        }

        return last ?? throw new RpcException(new Status(StatusCode.Unavailable, "The coordinator said nothing about the job."));
    }

    /// <summary>How a command ends that has waited for a job.</summary>
    public static int ExitCodeOf(JobInfo info) => info.State == JobStatus.Done && info.Failed == 0 ? ExitCodes.Success : ExitCodes.Failed;
}
