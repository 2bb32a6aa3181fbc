using System.Diagnostics.Metrics;
using Cluster.Coordinator.Scheduling;

namespace Cluster.Coordinator.Telemetry;

/// <summary>What the coordinator counts, under the meter <c>Cluster.Coordinator</c>.</summary>
internal sealed class CoordinatorMetrics : IDisposable
{
    /// <summary>Name of the meter, and of the source of activities.</summary>
    public const string SourceName = "Cluster.Coordinator";

    public CoordinatorMetrics(IMeterFactory factory)
    {
        Meter = factory.Create(SourceName);
        ChunksDispatched = Meter.CreateCounter<long>("cluster.chunks.dispatched", "{chunk}", "Chunks that were handed to nodes.");
        ItemsAnswered = Meter.CreateCounter<long>("cluster.items.answered", "{item}", "Items that got a result.");
        ItemsFailed = Meter.CreateCounter<long>("cluster.items.failed", "{item}", "Items that got a failure.");
        InputBytes = Meter.CreateCounter<long>("cluster.inputs.size", "By", "Payload of the inputs that clients sent.");
        ResultBytes = Meter.CreateCounter<long>("cluster.results.size", "By", "Payload of the results that were accepted.");
        NodesResumed = Meter.CreateCounter<long>("cluster.nodes.resumed", "{node}", "Sessions of nodes that went on after their connection had broken.");
        ItemsAdopted = Meter.CreateCounter<long>("cluster.items.adopted", "{item}", "Items that nodes brought along from sessions that were over, and went on with.");
        LambdasCompiled = Meter.CreateCounter<long>("cluster.lambdas.compiled", "{lambda}", "Lambdas that came as text and were compiled.");
        LambdasFailed = Meter.CreateCounter<long>("cluster.lambdas.failed", "{lambda}", "Lambdas that came as text and did not compile, or were given up.");
        LambdasReused = Meter.CreateCounter<long>("cluster.lambdas.reused", "{lambda}", "Lambdas that came as text and were known already.");
        LambdaCompileTime = Meter.CreateHistogram("cluster.lambda.compile.time", "s", "How long texts took to compile, with the wait for a compiler and its start.", advice: TimeBounds.Long);
        JobsOpened = Meter.CreateCounter<long>("cluster.jobs.opened", "{job}", "Jobs that were taken.");
        JobTime = Meter.CreateHistogram("cluster.job.time", "s", "From the acceptance of a job to the end of its call, by how it ended.", advice: TimeBounds.Long);
        ChunkTime = Meter.CreateHistogram("cluster.chunk.time", "s", "From the hand-over of a chunk to a worker to its end, by how it ended.", advice: TimeBounds.Long);
        CallsRefused = Meter.CreateCounter<long>("cluster.calls.refused", "{call}", "Calls of callers who were not let in, by why.");
        UploadBytes = Meter.CreateCounter<long>("cluster.uploads.size", "By", "Code and broadcasts that clients uploaded.");
        DownloadBytes = Meter.CreateCounter<long>("cluster.downloads.size", "By", "Code and broadcasts that nodes downloaded.");
        OutputDropped = Meter.CreateCounter<long>("cluster.output.dropped", "{line}", "Lines of output that were dropped because their reader was slow.");
        NodesLost = Meter.CreateCounter<long>("cluster.nodes.lost", "{node}", "Sessions of nodes that ended without a goodbye.");
    }

    public Meter Meter { get; }

    public Counter<long> ChunksDispatched { get; }

    public Counter<long> ItemsAnswered { get; }

    public Counter<long> ItemsFailed { get; }

    public Counter<long> ItemsAdopted { get; }

    public Counter<long> InputBytes { get; }

    public Counter<long> ResultBytes { get; }

    public Counter<long> NodesLost { get; }

    public Counter<long> JobsOpened { get; }

    public Histogram<double> JobTime { get; }

    public Histogram<double> ChunkTime { get; }

    public Counter<long> CallsRefused { get; }

    public Counter<long> UploadBytes { get; }

    public Counter<long> DownloadBytes { get; }

    public Counter<long> OutputDropped { get; }

    public Counter<long> NodesResumed { get; }

    public Counter<long> LambdasCompiled { get; }

    public Counter<long> LambdasFailed { get; }

    public Counter<long> LambdasReused { get; }

    public Histogram<double> LambdaCompileTime { get; }

    /// <summary>Adds what is measured when somebody looks.</summary>
    public void Observe(Func<int> jobs, Func<int> nodes, Func<int> slots, Func<int> chunksOut, Func<long> undelivered, Func<int> events)
    {
        Meter.CreateObservableUpDownCounter("cluster.jobs.active", jobs, "{job}", "Jobs that run.");
        Meter.CreateObservableUpDownCounter("cluster.nodes.attached", nodes, "{node}", "Nodes that are attached.");
        Meter.CreateObservableUpDownCounter("cluster.slots", slots, "{slot}", "Chunks that the attached nodes run at once.");
        Meter.CreateObservableUpDownCounter("cluster.chunks.held", chunksOut, "{chunk}", "Chunks in the hands of nodes.");
        Meter.CreateObservableUpDownCounter("cluster.results.undelivered", undelivered, "By", "Replies that wait for clients, and parts of large results.");
        Meter.CreateObservableUpDownCounter("cluster.scheduler.waiting", events, "{event}", "Events that wait for the scheduler.");
    }

    /// <summary>The same of submitted jobs.</summary>
    public void ObserveDetached(Func<int> queued, Func<int> running, Func<long> bytes)
    {
        Meter.CreateObservableUpDownCounter("cluster.detached.queued", queued, "{job}", "Submitted jobs that wait for their turn.");
        Meter.CreateObservableUpDownCounter("cluster.detached.running", running, "{job}", "Submitted jobs that run.");
        Meter.CreateObservableUpDownCounter("cluster.detached.size", bytes, "By", "What submitted jobs have on the disk, results included.");
    }

    /// <summary>The same of files.</summary>
    public void ObserveFiles(Func<long> code, Func<long> broadcasts)
    {
        Meter.CreateObservableUpDownCounter("cluster.code.size", code, "By", "Code that is kept.");
        Meter.CreateObservableUpDownCounter("cluster.broadcasts.size", broadcasts, "By", "Broadcasts that are kept.");
    }

    /// <summary>A job's call is over.</summary>
    public void Ended(TimeSpan time, string outcome) => JobTime.Record(time.TotalSeconds, new KeyValuePair<string, object?>("cluster.job.outcome", outcome));

    /// <summary>A node is done with a chunk.</summary>
    public void Ended(TimeSpan time, ChunkOutcome outcome)
    {
        if (ChunkTime.Enabled)
        {
            ChunkTime.Record(time.TotalSeconds, new KeyValuePair<string, object?>("cluster.chunk.end", NameOf(outcome)));
        }
    }

    /// <summary>A caller was not let in.</summary>
    public void Refused(string why) => CallsRefused.Add(1, new KeyValuePair<string, object?>("cluster.refusal", why));

    public void Dispose() => Meter.Dispose();

    private static string NameOf(ChunkOutcome outcome) => outcome switch
    {
        ChunkOutcome.Done => "done",
        ChunkOutcome.WorkerLost => "worker_lost",
        ChunkOutcome.WorkerKilled => "worker_killed",
        ChunkOutcome.SharedWorkerLost => "shared_worker_lost",
        ChunkOutcome.OutOfMemory => "out_of_memory",
        ChunkOutcome.Cancelled => "cancelled",
        ChunkOutcome.CodeFailed => "code_failed",
        ChunkOutcome.CodeUnavailable => "code_unavailable",
        _ => "unknown",
    };
}
