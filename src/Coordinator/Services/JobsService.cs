using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Functions;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Services;

/// <summary>Jobs: one call, one job.</summary>
internal sealed class JobsService(
    JobRegistry jobs,
    SchedulerLoop loop,
    CodeStore store,
    CoordinatorOptions options,
    StreamShutdown shutdown,
    CoordinatorMetrics metrics,
    TimeProvider time,
    ILogger<JobsService> logger)
    : Cluster.Protocol.V1.Jobs.JobsBase
{
    // How long a client may take to end its side after it was told of the job's end.
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(2);

    public override async Task Run(IAsyncStreamReader<RunRequest> requestStream, IServerStreamWriter<RunReply> responseStream, ServerCallContext context)
    {
        var spec = await ReadSpecAsync(requestStream, context.CancellationToken);
        await RefuseAsync(spec, context.CancellationToken);
        var job = Create(spec, responseStream, context);
        DispatchLog.JobOpened(logger, job.PublicId, job.Name, context.Peer);
        using var activity = JobActivity.Start(job);
        try
        {
            await RunAsync(job, requestStream, context.CancellationToken);
        }
        catch (Exception exception)
        {
            JobActivity.Fail(activity, exception);
            throw;
        }
        finally
        {
            JobActivity.End(activity, job);
        }
    }

    private async Task RunAsync(JobSession job, IAsyncStreamReader<RunRequest> requests, CancellationToken cancellationToken)
    {
        job.Outbox.Send(new RunReply
        {
            Accepted = new Accepted
            {
                JobId = job.PublicId,
                ProtocolVersion = ProtocolVersion.Current,
                MaxBytesInFlight = (ulong)options.MaxBytesInFlight,
                MaxItemBytes = (ulong)options.MaxItemBytes,
                MaxItemsInFlight = (ulong)options.MaxItemsInFlight,
            },
        });
        loop.Open(job);
        await using var stopping = shutdown.Register((code, reason) => job.Abort(code, reason + " Run the job again when it is back."));
        await using var cancelled = cancellationToken.Register(() => loop.Abandon(job));
        var reading = new JobStream(job, loop, metrics).ReadAsync(requests, cancellationToken);
        await WaitForEndAsync(job, cancellationToken);

        // A call that ends while its client may still write resets the stream, and Kestrel takes many resets for an attack.
        await reading.WaitAsync(FarewellPatience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<JobSpec> ReadSpecAsync(IAsyncStreamReader<RunRequest> requests, CancellationToken cancellationToken) =>
        await shutdown.ReadFirstAsync(requests, cancellationToken) && requests.Current.RequestCase == RunRequest.RequestOneofCase.Open
            ? requests.Current.Open
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "The first request of Jobs.Run must be `open`, with the job's spec."));

    private async Task RefuseAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        if (JobSpecValidator.Refuse(spec, $"coordinator {CoordinatorHost.Version}", options.MaxItemBytes) is { } refusal)
        {
            throw new RpcException(refusal);
        }

        try
        {
            if (await store.FindMissingAsync(spec.Function.Code?.Files ?? [], cancellationToken) is { Count: > 0 } missing)
            {
                var names = string.Join(", ", missing.Select(file => $"{file.Name} ({Convert.ToHexStringLower(file.Sha256.Span[..6])}…)"));
                throw new RpcException(new Status(
                    StatusCode.FailedPrecondition, $"The coordinator does not have these files of the function's code: {names}. Upload them with Functions.Upload and call again."));
            }
        }
        catch (CodeFileRejectedException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message));
        }
    }

    private JobSession Create(JobSpec spec, IServerStreamWriter<RunReply> replies, ServerCallContext context)
    {
        var inputs = new InputStore(spec.InputFormat, spec.InputStride, new InputLimits
        {
            MaxBytes = options.MaxBytesInFlight,
            MaxItems = options.MaxItemsInFlight,
            MaxItemBytes = options.MaxItemBytes,
            TotalItems = spec.PinNodes.Count > 0 ? (ulong)spec.PinNodes.Count : ulong.MaxValue,
        });
        JobSession? job = null;
        // The outbox is empty until the job exists.
        var outbox = new JobOutbox(replies, options.MaxUndeliveredBytes, () => loop.OutputChanged(job!));
        // Jobs of one connection belong to one client.
        var owner = (ulong)string.GetHashCode(context.GetHttpContext().Connection.Id, StringComparison.Ordinal);
        job = new JobSession(jobs.NextId(), spec, owner, inputs, outbox);
        return job;
    }

    private async Task WaitForEndAsync(JobSession job, CancellationToken cancellationToken)
    {
        await Task.WhenAny(job.Outbox.Completion, job.Aborted);
        if (!job.Outbox.Completion.IsCompleted)
        {
            loop.Abandon(job);
            throw new RpcException(await job.Aborted);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await job.Outbox.Completion;
    }
}
