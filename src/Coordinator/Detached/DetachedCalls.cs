using System.Globalization;
using Cluster.Coordinator.AdHoc;
using Cluster.Coordinator.Detached.Programs;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Lambdas;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Cluster.Coordinator.Detached;

/// <summary>What people ask of detached jobs.</summary>
internal sealed class DetachedCalls(DetachedJobs jobs, JobFiles files, AdHocCalls calls, LambdaCompiler lambdas, JobAdmission admission, StreamShutdown shutdown, TimeProvider time)
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly WriteOptions Flushed = new();
    private static readonly WriteOptions Gathered = new(WriteFlags.BufferHint);

    /// <exception cref="RpcException">The request makes no sense, or cannot be kept.</exception>
    public async Task<SubmitReply> SubmitAsync(MapRequest request, ServerCallContext context)
    {
        DetachmentRules.RequireRequestId(request.RequestId);
        DetachmentRules.RequireLabels(request.Labels, "labels");
        (request, var function) = await calls.ResolveAsync(request, context);
        var spec = AdHocSpec.Create(request, function);
        await admission.RefuseAsync(spec, context.CancellationToken);
        foreach (var _ in AdHocItems.Encode(request.Items, spec.Arguments == Arguments.None))
        {
            // Only to see that it can be done: later there is nobody to tell.
        }

        try
        {
            // The job may outlive what this coordinator has compiled.
            var lambda = LambdaFunction.IsWanted(request) ? await lambdas.ReadAsync(function.Reference, context.CancellationToken) : ByteString.Empty;
            var (job, known) = await jobs.SubmitAsync(request, function, lambda, Caller.Describe(context), TraceHeader.Of(context), context.CancellationToken);
            return new SubmitReply { JobId = job.Id, Known = known };
        }
        catch (IOException exception)
        {
            throw RichStatus.NotNow($"The coordinator cannot write the job to its data directory, and has not taken it: {exception.Message}");
        }
    }

    /// <exception cref="RpcException">There is no such job.</exception>
    public DetachedJob Find(string id) => jobs.TryFind(id, out var job)
        ? job
        : throw RichStatus.Missing("job", id, $"There is no job '{id}'. It was never submitted, or ended long ago and was forgotten; one that belongs to a call is forgotten at its end. Jobs/List tells which there are.");

    /// <summary>Has a job end.</summary>
    /// <exception cref="RpcException">The coordinator stops.</exception>
    public async Task<JobInfo> CancelAsync(DetachedJob job, CancellationToken cancellationToken)
    {
        await shutdown.WatchAsync(token => jobs.CancelAsync(job, token), cancellationToken);
        return job.Describe();
    }

    /// <summary>Tells how far a job is until it has ended.</summary>
    /// <exception cref="RpcException">The coordinator stops.</exception>
    public Task WatchAsync(DetachedJob job, IServerStreamWriter<JobInfo> replies, CancellationToken cancellationToken) => shutdown.WatchAsync(async token =>
    {
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

    /// <summary>Tells what became of a job's items.</summary>
    /// <exception cref="RpcException">There is no such item, or the coordinator stops.</exception>
    public Task ResultsAsync(DetachedJob job, JobResultsRequest request, IServerStreamWriter<ItemResult> replies, CancellationToken cancellationToken) => shutdown.WatchAsync(async token =>
    {
        RefuseBeyond(job, request);
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

        await EndAsync(job, request, token);
    }, cancellationToken);

    /// <summary>The same for programs: as they came from the nodes.</summary>
    /// <exception cref="RpcException">There is no such item, or the coordinator stops.</exception>
    public Task ResultBatchesAsync(DetachedJob job, JobResultsRequest request, IServerStreamWriter<Results> replies, CancellationToken cancellationToken) => shutdown.WatchAsync(async token =>
    {
        RefuseBeyond(job, request);
        using var log = files.OpenResults(job.Id);
        await foreach (var results in new ResultBatches(job, log).ReadAsync(request.FromIndex, !request.NoWait, token))
        {
            await replies.WriteAsync(results, token);
        }

        await EndAsync(job, request, token);
    }, cancellationToken);

    // Whoever has waited for every result, and asks how the job is, hears that it has ended.
    private static Task EndAsync(DetachedJob job, JobResultsRequest request, CancellationToken cancellationToken) => request.NoWait ? Task.CompletedTask : job.Finished.WaitAsync(cancellationToken);

    private static void RefuseBeyond(DetachedJob job, JobResultsRequest request)
    {
        if (request.FromIndex > (ulong)job.Items)
        {
            throw RichStatus.BadField("from_index", string.Create(CultureInfo.InvariantCulture, $"`from_index` is {request.FromIndex}; job {job.Id} has {job.Items} items, from 0."));
        }
    }
}
