using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Functions;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Lambdas;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Jobs;

/// <summary>Lets jobs in, whoever wants them: programs over a stream, people by a call.</summary>
internal sealed class JobAdmission(
    JobRegistry jobs, SchedulerLoop loop, CodeFiles code, LambdaCompiler lambdas, CoordinatorOptions options, StreamShutdown shutdown, CoordinatorMetrics metrics, TimeProvider time,
    ILogger<JobAdmission> logger)
{
    /// <summary>Refuses a job that cannot run.</summary>
    /// <exception cref="RpcException">Its spec is wrong, or its code is not here.</exception>
    public async Task RefuseAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        if (JobSpecValidator.Refuse(spec, $"coordinator {CoordinatorHost.Version}", options.MaxItemBytes) is { } refusal)
        {
            throw refusal;
        }

        try
        {
            if (await code.FindMissingAsync(spec.Function.Code?.Files ?? [], cancellationToken) is { Count: > 0 } missing)
            {
                var names = string.Join(", ", missing.Select(file => $"{file.Name} ({Convert.ToHexStringLower(file.Sha256.Span[..6])}…)"));
                throw RichStatus.Unmet("CODE", names, $"The coordinator does not have these files of the function's code: {names}. Upload them with Functions.Upload and call again.");
            }
        }
        catch (CodeFileRejectedException exception)
        {
            throw RichStatus.BadField("function.code", exception.Message);
        }
    }

    /// <summary>Makes a job of a spec that was not refused. Nothing runs until it is opened.</summary>
    /// <param name="spec">What is wanted.</param>
    /// <param name="replies">Where the job's replies go.</param>
    /// <param name="context">The call that it belongs to. Jobs of one connection belong to one client.</param>
    public JobSession Create(JobSpec spec, IAsyncStreamWriter<RunReply> replies, ServerCallContext context) =>
        Create(spec, replies, (ulong)string.GetHashCode(context.GetHttpContext().Connection.Id, StringComparison.Ordinal));

    /// <summary>The same without a call.</summary>
    /// <param name="spec">What is wanted.</param>
    /// <param name="replies">Where the job's replies go.</param>
    /// <param name="owner">The client that it belongs to.</param>
    /// <param name="submission">The submitted job that it is a run of; empty: there is none.</param>
    public JobSession Create(JobSpec spec, IAsyncStreamWriter<RunReply> replies, ulong owner, string submission = "")
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
        var outbox = new JobOutbox(replies, options.MaxUndeliveredBytes, () => loop.OutputChanged(job!), metrics.OutputDropped);
        job = new JobSession(jobs.NextId(), spec, owner, inputs, outbox) { SubmittedAt = time.GetUtcNow(), Submission = submission };
        return job;
    }

    /// <summary>Has a job run.</summary>
    /// <param name="job">The job.</param>
    /// <param name="peer">Who wants it, for the log.</param>
    /// <param name="cancellationToken">The end of the call that it belongs to: cancels it.</param>
    /// <returns>To be disposed when the call is over.</returns>
    public OpenedJob Open(JobSession job, string peer, CancellationToken cancellationToken)
    {
        DispatchLog.JobOpened(logger, job.PublicId, job.Name, peer);
        metrics.JobsOpened.Add(1);
        return new OpenedJob(job, lambdas.Hold(job.Spec.Function.Code), loop, shutdown, metrics, time, cancellationToken);
    }
}
