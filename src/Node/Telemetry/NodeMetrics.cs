using System.Diagnostics.Metrics;
using Cluster.Protocol.V1;

namespace Cluster.Node.Telemetry;

/// <summary>What the node counts, under the meter <c>Cluster.Node</c>. What is measured when somebody looks is in <see cref="NodeGauges"/>.</summary>
internal static class NodeMetrics
{
    /// <summary>Name of the meter, and of the source of activities.</summary>
    public const string SourceName = "Cluster.Node";

    public static readonly Meter Meter = new(SourceName);

    public static readonly Counter<long> Redials = Meter.CreateCounter<long>(
        "cluster.node.redials", "{attempt}", "Times that the node dialled again because there was no session with the coordinator.");

    public static readonly Counter<long> SessionsResumed = Meter.CreateCounter<long>(
        "cluster.node.sessions.resumed", "{session}", "Times that the session went on after its connection had broken.");

    public static readonly Counter<long> WorkersStarted = Meter.CreateCounter<long>(
        "cluster.node.workers.started", "{worker}", "Worker processes that were started.");

    public static readonly Counter<long> MemoryKills = Meter.CreateCounter<long>(
        "cluster.node.workers.memory_kills", "{worker}", "Workers that the node ended because they took too much memory.");

    private static readonly Counter<long> WorkersEnded = Meter.CreateCounter<long>(
        "cluster.node.workers.ended", "{worker}", "Worker processes that ended while the node went on, by cause.");

    private static readonly Counter<long> ItemsAnswered = Meter.CreateCounter<long>(
        "cluster.node.items.answered", "{item}", "Items that a worker answered with a result.");

    private static readonly Counter<long> ItemsFailed = Meter.CreateCounter<long>(
        "cluster.node.items.failed", "{item}", "Items that a worker answered with a failure.");

    private static readonly Histogram<double> ItemTime = Meter.CreateHistogram(
        "cluster.node.item.time", "s", "Time inside the function for an item.", advice: TimeBounds.Items);

    private static readonly Counter<long> ChunksEnded = Meter.CreateCounter<long>(
        "cluster.node.chunks.ended", "{chunk}", "Chunks that were answered for good, by how.");

    private static readonly Counter<long> FilesFound = Meter.CreateCounter<long>(
        "cluster.node.files.found", "{file}", "Files that a job needed and the cache had.");

    private static readonly Counter<long> FilesDownloaded = Meter.CreateCounter<long>(
        "cluster.node.files.downloaded", "{file}", "Files that came from the coordinator.");

    private static readonly Counter<long> FilesUnavailable = Meter.CreateCounter<long>(
        "cluster.node.files.unavailable", "{file}", "Files that a job needed and could not be had.");

    private static readonly Counter<long> FileBytes = Meter.CreateCounter<long>(
        "cluster.node.files.size", "By", "Size of the files that came from the coordinator.");

    private static readonly Histogram<double> DownloadTime = Meter.CreateHistogram(
        "cluster.node.file.download.time", "s", "How long a file took to come from the coordinator.", advice: TimeBounds.Network);

    private static readonly Histogram<double> HeartbeatTime = Meter.CreateHistogram(
        "cluster.node.heartbeat.time", "s", "From a heartbeat to the coordinator's answer.", advice: TimeBounds.Network);

    private static readonly Counter<long> OutputLines = Meter.CreateCounter<long>(
        "cluster.node.output.lines", "{line}", "Lines that functions wrote and somebody wanted to have.");

    private static readonly Counter<long> ObjectRequests = Meter.CreateCounter<long>(
        "cluster.node.objects.requests", "{request}", "Requests about shared objects that the node passed on for tasks.");

    /// <summary>A worker has ended.</summary>
    /// <param name="cause">One of <see cref="WorkerEnd"/>.</param>
    public static void WorkerEnded(string cause) => WorkersEnded.Add(1, new KeyValuePair<string, object?>("cluster.worker.end", cause));

    /// <summary>A worker has answered items.</summary>
    public static void Answered(WorkerResults results)
    {
        if (!ItemsAnswered.Enabled && !ItemTime.Enabled)
        {
            return;
        }

        long answered = 0;
        foreach (var batch in results.Batches)
        {
            answered += batch.FragmentOffset == 0 ? batch.Count : 0;
        }

        ItemsAnswered.Add(answered);
        ItemsFailed.Add(results.Failures.Count);
        if (results.Busy is { } busy && answered + results.Failures.Count is > 0 and var items)
        {
            ItemTime.Record(busy.ToTimeSpan().TotalSeconds / items);
        }
    }

    /// <summary>A chunk has been answered for good.</summary>
    public static void Ended(ChunkEnd end) => ChunksEnded.Add(1, new KeyValuePair<string, object?>("cluster.chunk.end", NameOf(end)));

    /// <summary>A file was in the cache.</summary>
    public static void FileFound(string kind) => FilesFound.Add(1, Kind(kind));

    /// <summary>A file was not in the cache, and has come.</summary>
    public static void FileDownloaded(string kind, long bytes, TimeSpan took)
    {
        DownloadTime.Record(took.TotalSeconds, Kind(kind));
        FilesDownloaded.Add(1, Kind(kind));
        FileBytes.Add(bytes, Kind(kind));
    }

    /// <summary>A file was not in the cache, and has not come.</summary>
    public static void FileUnavailable(string kind) => FilesUnavailable.Add(1, Kind(kind));

    /// <summary>The coordinator has answered a heartbeat.</summary>
    public static void HeartbeatAnswered(TimeSpan took) => HeartbeatTime.Record(took.TotalSeconds);

    /// <summary>Functions have written lines.</summary>
    public static void Wrote(int lines) => OutputLines.Add(lines);

    /// <summary>Tasks have asked for something of shared objects.</summary>
    public static void Asked(int requests) => ObjectRequests.Add(requests);

    /// <summary>How a chunk ended, as a tag says it.</summary>
    public static string NameOf(ChunkEnd end) => end switch
    {
        ChunkEnd.Done => "done",
        ChunkEnd.Cancelled => "cancelled",
        ChunkEnd.CodeFailed => "code_failed",
        ChunkEnd.OutOfMemory => "out_of_memory",
        ChunkEnd.TimedOut => "timed_out",
        ChunkEnd.WorkerLost => "worker_lost",
        _ => "unknown",
    };

    private static KeyValuePair<string, object?> Kind(string kind) => new("cluster.file.kind", kind);
}
