using System.Globalization;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.Detached;

/// <summary>All jobs that people may ask about: those that were submitted, and those of calls that are open.</summary>
internal sealed class JobDirectory(DetachedCalls calls, DetachedJobs submitted, JobRegistry jobs, SchedulerLoop loop, StreamShutdown shutdown, TimeProvider time, ILogger<JobDirectory> logger)
{
    private const string StreamPrefix = "job-";
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(200);

    /// <exception cref="RpcException">There is no such job.</exception>
    public async Task<JobInfo> GetAsync(string id) => FindStream(id) is { } stream ? (await loop.DescribeJobsAsync([stream]))[0] : Find(id).Describe();

    /// <exception cref="RpcException">INVALID_ARGUMENT: the token is none.</exception>
    public async Task<ListJobsReply> ListAsync(ListJobsRequest request)
    {
        IEnumerable<IListedJob> open = jobs.All.Where(static job => job.Submission.Length == 0 && !job.HasEnded);
        var (page, next) = JobPages.Page(open.Concat(submitted.All), request);
        JobSession[] streams = [.. page.OfType<JobSession>()];
        var described = streams.Length == 0 ? new Queue<JobInfo>() : new Queue<JobInfo>(await loop.DescribeJobsAsync(streams));
        return new ListJobsReply
        {
            Jobs = { page.Select(job => job is DetachedJob detached ? detached.Describe() : described.Dequeue()) },
            NextPageToken = next,
        };
    }

    /// <exception cref="RpcException">There is no such job, or the coordinator stops.</exception>
    public Task WatchAsync(string id, IServerStreamWriter<JobInfo> replies, CancellationToken cancellationToken) => FindStream(id) is { } stream
        ? shutdown.WatchAsync(token => WatchAsync(stream, replies, token), cancellationToken)
        : calls.WatchAsync(Find(id), replies, cancellationToken);

    /// <exception cref="RpcException">There is no such job or item, its results are not kept, or the coordinator stops.</exception>
    public Task ResultsAsync(JobResultsRequest request, IServerStreamWriter<ItemResult> replies, CancellationToken cancellationToken) =>
        calls.ResultsAsync(FindSubmitted(request.JobId), request, replies, cancellationToken);

    /// <exception cref="RpcException">There is no such job or item, its results are not kept, or the coordinator stops.</exception>
    public Task ResultBatchesAsync(JobResultsRequest request, IServerStreamWriter<Results> replies, CancellationToken cancellationToken) =>
        calls.ResultBatchesAsync(FindSubmitted(request.JobId), request, replies, cancellationToken);

    /// <exception cref="RpcException">There is no such job.</exception>
    public async Task<JobInfo> CancelAsync(string id, ServerCallContext context)
    {
        if (FindStream(id) is not { } stream)
        {
            return await calls.CancelAsync(Find(id), context.CancellationToken);
        }

        var caller = Caller.Describe(context);
        DetachedLog.StreamCancelled(logger, stream.PublicId, stream.Name, caller);
        loop.CancelJob(stream, JobErrors.CancelledBy(caller));
        return await GetLastAsync(stream);
    }

    private DetachedJob FindSubmitted(string id) => FindStream(id) is null
        ? Find(id)
        : throw RichStatus.Unmet("SUBMITTED_JOB", id, $"Job {id} belongs to a call that is open, and its results go to whoever made that. Only those of submitted jobs are kept.");

    private DetachedJob Find(string id) => FindRun(id) is { Submission.Length: > 0 } run ? calls.Find(run.Submission) : calls.Find(id);

    private JobSession? FindStream(string id) => FindRun(id) is { Submission: "", HasEnded: false } stream ? stream : null;

    private JobSession? FindRun(string id) =>
        id.StartsWith(StreamPrefix, StringComparison.Ordinal)
        && ulong.TryParse(id.AsSpan(StreamPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && jobs.TryFind(new JobId(number), out var job)
            ? job
            : null;

    private async Task WatchAsync(JobSession stream, IServerStreamWriter<JobInfo> replies, CancellationToken cancellationToken)
    {
        for (JobInfo? last = null; last?.FinishedAt is null;)
        {
            var ended = stream.Ended;
            var info = await GetLastAsync(stream);
            if (!info.Equals(last))
            {
                await replies.WriteAsync(last = info, cancellationToken);
            }

            if (info.FinishedAt is null)
            {
                await Task.WhenAny(ended, Task.Delay(WatchPeriod, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<JobInfo> GetLastAsync(JobSession stream)
    {
        var info = (await loop.DescribeJobsAsync([stream]))[0];
        if (info.State != JobStatus.Running)
        {
            info.FinishedAt = time.GetUtcNow().ToTimestamp();
        }

        return info;
    }
}
