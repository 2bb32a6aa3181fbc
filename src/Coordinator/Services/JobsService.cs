using Cluster.Coordinator.AdHoc;
using Cluster.Coordinator.Detached;
using Cluster.Coordinator.Dispatch;
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
    JobAdmission admission, AdHocCalls people, DetachedCalls detached, SchedulerLoop loop, CoordinatorOptions options, StreamShutdown shutdown, CoordinatorMetrics metrics, TimeProvider time)
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

        // A call that ends while its client may still write resets the stream, and Kestrel takes many resets for an attack.
        await reading.WaitAsync(FarewellPatience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override Task<MapReply> Map(MapRequest request, ServerCallContext context) => people.MapAsync(request, context);

    public override Task IMap(MapRequest request, IServerStreamWriter<ItemResult> responseStream, ServerCallContext context) =>
        people.StreamAsync(request, responseStream, context);

    public override Task<SubmitReply> Submit(MapRequest request, ServerCallContext context) => detached.SubmitAsync(request, context);

    public override Task<JobInfo> Get(GetJobRequest request, ServerCallContext context) => Task.FromResult(detached.Find(request.JobId).Describe());

    public override Task<ListJobsReply> List(ListJobsRequest request, ServerCallContext context) => Task.FromResult(detached.List(request));

    public override Task Watch(WatchJobRequest request, IServerStreamWriter<JobInfo> responseStream, ServerCallContext context) =>
        detached.WatchAsync(request.JobId, responseStream, context.CancellationToken);

    public override Task Results(JobResultsRequest request, IServerStreamWriter<ItemResult> responseStream, ServerCallContext context) =>
        detached.ResultsAsync(request, responseStream, context.CancellationToken);

    public override Task<JobInfo> Cancel(CancelJobRequest request, ServerCallContext context) => detached.CancelAsync(request.JobId, context.CancellationToken);

    private async Task<JobSpec> ReadSpecAsync(IAsyncStreamReader<RunRequest> requests, CancellationToken cancellationToken) =>
        await shutdown.ReadFirstAsync(requests, cancellationToken) && requests.Current.RequestCase == RunRequest.RequestOneofCase.Open
            ? requests.Current.Open
            : throw RichStatus.BadField("open", "The first request of Jobs.Run must be `open`, with the job's spec.");
}
