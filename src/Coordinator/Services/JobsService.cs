using Cluster.Coordinator.AdHoc;
using Cluster.Coordinator.Detached;
using Cluster.Coordinator.Detached.Programs;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Services;

/// <summary>Jobs: one call, one job.</summary>
internal sealed class JobsService(
    JobAdmission admission, AdHocCalls people, DetachedCalls detached, SubmissionCalls submissions, JobDirectory directory, SchedulerLoop loop, CoordinatorOptions options,
    StreamShutdown shutdown, CoordinatorMetrics metrics, TimeProvider time)
    : Cluster.Protocol.V1.Jobs.JobsBase
{
    // How long a client may take to end its side after it was told of the job's end.
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(2);

    public override async Task Run(IAsyncStreamReader<RunRequest> requestStream, IServerStreamWriter<RunReply> responseStream, ServerCallContext context)
    {
        var cancellationToken = context.CancellationToken;
        var spec = await ReadSpecAsync(requestStream, cancellationToken);
        if (spec.Traceparent.Length == 0)
        {
            spec.Traceparent = TraceHeader.Of(context);
        }

        if (spec.Detach is not null)
        {
            await submissions.KeepAsync(spec, requestStream, responseStream, context);
            await FarewellAsync(DrainAsync(requestStream, cancellationToken), cancellationToken);
            return;
        }

        await admission.RefuseAsync(spec, cancellationToken);
        var job = admission.Create(spec, responseStream, context);
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
        await using var opened = admission.Open(job, Caller.Describe(context), cancellationToken);
        var reading = new JobStream(job, loop, metrics).ReadAsync(requestStream, cancellationToken);
        await opened.WaitForEndAsync();

        await FarewellAsync(reading, cancellationToken);
    }

    public override Task<MapReply> Map(MapRequest request, ServerCallContext context) => people.MapAsync(request, context);

    public override Task IMap(MapRequest request, IServerStreamWriter<ItemResult> responseStream, ServerCallContext context) =>
        people.StreamAsync(request, responseStream, context);

    public override Task<SubmitReply> Submit(MapRequest request, ServerCallContext context) => detached.SubmitAsync(request, context);

    public override Task<JobInfo> Get(GetJobRequest request, ServerCallContext context) => directory.GetAsync(request.JobId);

    public override Task<ListJobsReply> List(ListJobsRequest request, ServerCallContext context) => directory.ListAsync(request);

    public override Task Watch(WatchJobRequest request, IServerStreamWriter<JobInfo> responseStream, ServerCallContext context) =>
        directory.WatchAsync(request.JobId, responseStream, context.CancellationToken);

    public override Task Results(JobResultsRequest request, IServerStreamWriter<ItemResult> responseStream, ServerCallContext context) =>
        directory.ResultsAsync(request, responseStream, context.CancellationToken);

    public override Task ResultBatches(JobResultsRequest request, IServerStreamWriter<Results> responseStream, ServerCallContext context) =>
        directory.ResultBatchesAsync(request, responseStream, context.CancellationToken);

    public override Task<JobInfo> Cancel(CancelJobRequest request, ServerCallContext context) => directory.CancelAsync(request.JobId, context);

    // A call that ends while its client may still write resets the stream, and Kestrel takes many resets for an attack.
    private async Task FarewellAsync(Task reading, CancellationToken cancellationToken) =>
        await reading.WaitAsync(FarewellPatience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task DrainAsync(IAsyncStreamReader<RunRequest> requests, CancellationToken cancellationToken)
    {
        while (await requests.MoveNext(cancellationToken))
        {
            // A client cannot know yet that its job is stored, or refused.
        }
    }

    private async Task<JobSpec> ReadSpecAsync(IAsyncStreamReader<RunRequest> requests, CancellationToken cancellationToken) =>
        await shutdown.ReadFirstAsync(requests, cancellationToken) && requests.Current.RequestCase == RunRequest.RequestOneofCase.Open
            ? requests.Current.Open
            : throw RichStatus.BadField("open", "The first request of Jobs.Run must be `open`, with the job's spec.");
}
