using Cluster.Cli.Output;
using Cluster.Client;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Jobs;

/// <summary>Waits for the end of a job, and shows how far it is.</summary>
internal static class JobFollower
{
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    /// <exception cref="ClusterException">The coordinator is gone for good.</exception>
    public static async Task<JobInfo> WaitAsync(JobCall jobs, string id, bool quiet)
    {
        var time = TimeProvider.System;
        var bar = new JobBar(time);
        var request = new WatchJobRequest { JobId = id };
        using var stream = jobs.Resume<JobInfo>(id, options => jobs.Service.Watch(request, options));
        await using var ticker = new StatusTicker(StatusLine.OnStandardError(quiet), () => bar.Describe(stream.Outage), time);
        JobInfo? last = null;
        while (await stream.NextAsync(jobs.Options.CancellationToken) is { } info)
        {
            bar.Show(last = info);
        }

        return last ?? throw new ClusterException($"The coordinator said nothing about job {id}.", isTransient: true);
    }

    /// <summary>How a command ends that has waited for a job.</summary>
    public static int ExitCodeOf(JobInfo info) => info.State == JobStatus.Done && info.Failed == 0 ? ExitCodes.Success : ExitCodes.Failed;
}
