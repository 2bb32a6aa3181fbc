using System.Globalization;
using Cluster.Coordinator.AdHoc;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Detached;

/// <summary>What people ask of detached jobs.</summary>
internal sealed class DetachedCalls(DetachedJobs jobs, JobFiles files, AdHocCalls calls, JobAdmission admission, StreamShutdown shutdown, TimeProvider time)
{
    private const int MaxRequestIdLength = 128;
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly WriteOptions Flushed = new();
    private static readonly WriteOptions Gathered = new(WriteFlags.BufferHint);

    /// <exception cref="RpcException">The request makes no sense, or cannot be kept.</exception>
    public async Task<SubmitReply> SubmitAsync(MapRequest request, ServerCallContext context)
    {
        if (request.RequestId.Length > MaxRequestIdLength)
        {
            throw RichStatus.BadField("request_id", string.Create(CultureInfo.InvariantCulture, $"`request_id` has {request.RequestId.Length} characters; at most {MaxRequestIdLength}."));
        }

        (request, var function) = calls.Resolve(request);
        var spec = AdHocSpec.Create(request, function);
        await admission.RefuseAsync(spec, context.CancellationToken);
        foreach (var _ in AdHocItems.Encode(request.Items, spec.Arguments == Arguments.None))
        {
            // Only to see that it can be done: later there is nobody to tell.
        }

        try
        {
            var (job, known) = await jobs.SubmitAsync(request, function, Caller.Describe(context), TraceHeader.Of(context), context.CancellationToken);
            return new SubmitReply { JobId = job.Id, Known = known };
        }
        catch (IOException exception)
        {
            throw RichStatus.With(StatusCode.Unavailable, $"The coordinator cannot write the job to its data directory, and has not taken it: {exception.Message}");
        }
    }

    /// <exception cref="RpcException">There is no such job.</exception>
    public DetachedJob Find(string id) => jobs.TryFind(id, out var job)
        ? job
        : throw RichStatus.Missing("job", id, $"There is no job '{id}'. It was never submitted, or ended long ago and was forgotten. Jobs/List tells which there are.");

    public ListJobsReply List(ListJobsRequest request) => JobPages.Page(jobs.All, request);

    /// <exception cref="RpcException">There is no such job.</exception>
    public async Task<JobInfo> CancelAsync(string id, CancellationToken cancellationToken)
    {
        var job = Find(id);
        await UntilShutdownAsync(token => jobs.CancelAsync(job, token), cancellationToken);
        return job.Describe();
    }

    /// <exception cref="RpcException">There is no such job, or the coordinator stops.</exception>
    public Task WatchAsync(string id, IServerStreamWriter<JobInfo> replies, CancellationToken cancellationToken) => UntilShutdownAsync(async token =>
    {
        var job = Find(id);
        JobInfo? last = null;
        while (true)
        {
            var changed = job.Changed;
            var info = job.Describe();
            if (!info.Equals(last))
            {
                await replies.WriteAsync(last = info, token);
            }

            if (info.FinishedAt is not null)
            {
                return;
            }

            await changed.WaitAsync(token);
            await Task.WhenAny(job.Finished, Task.Delay(WatchPeriod, time, token));
        }
    }, cancellationToken);

    /// <exception cref="RpcException">There is no such job or item, or the coordinator stops.</exception>
    public Task ResultsAsync(JobResultsRequest request, IServerStreamWriter<ItemResult> replies, CancellationToken cancellationToken) => UntilShutdownAsync(async token =>
    {
        var job = Find(request.JobId);
        if (request.FromIndex > (ulong)job.Items)
        {
            throw RichStatus.BadField("from_index", string.Create(CultureInfo.InvariantCulture, $"`from_index` is {request.FromIndex}; job {job.Id} has {job.Items} items, from 0."));
        }

        using var log = files.OpenResults(job.Id);
        var reader = new ResultReader(job, log);
        for (var index = (int)request.FromIndex; index < job.Items; index++)
        {
            // Whoever reads sees at once what there is, and no more often than that.
            var result = await reader.ReadAsync(index, !request.NoWait, token);
            if (result is null)
            {
                return;
            }

            replies.WriteOptions = index == job.Items - 1 || !reader.HasMore(index + 1) ? Flushed : Gathered;
            await replies.WriteAsync(result, token);
        }
    }, cancellationToken);

    private async Task UntilShutdownAsync(Func<CancellationToken, Task> stream, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var stopping = shutdown.Register((_, _) => ending.Cancel());
        try
        {
            await stream(ending.Token);
        }
        catch (OperationCanceledException) when (shutdown.HasBegun)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The coordinator is shutting down. Ask again when it is back; the job goes on then."));
        }
    }
}
