using System.Diagnostics;
using Cluster.Protocol.V1;

namespace Cluster.Node.Telemetry;

/// <summary>The trace of a chunk in the node's hands, from its arrival to its answer: the activity <c>chunk</c> of the source <c>Cluster.Node</c>, a part of its job's.</summary>
internal static class ChunkSpan
{
    private static readonly ActivitySource Source = new(NodeMetrics.SourceName);

    /// <summary>Begins it. Null: nobody listens, or the job belongs to no trace.</summary>
    public static Activity? Start(JobSpec spec, string jobId, RunChunk first, string node)
    {
        if (spec.Traceparent.Length == 0 || !Source.HasListeners() || !ActivityContext.TryParse(spec.Traceparent, null, isRemote: true, out var job))
        {
            return null;
        }

        var before = Activity.Current;
        var activity = Source.StartActivity("chunk", ActivityKind.Consumer, job);

        // The flow that begins it is that of the session, which goes on to others.
        Activity.Current = before;
        return activity?.SetTag("cluster.job.id", jobId)
            .SetTag("cluster.node", node)
            .SetTag("cluster.chunk.index", first.Batches.Count > 0 ? (long)first.Batches[0].First : 0)
            .SetTag("cluster.chunk.attempt", (long)first.Attempt);
    }

    /// <summary>A worker has begun it; before, it waited.</summary>
    public static void Begun(Activity? activity, int workerPid) => activity?.AddEvent(new ActivityEvent("begun")).SetTag("cluster.worker.pid", (long)workerPid);

    /// <summary>Ends it.</summary>
    /// <param name="activity">Which.</param>
    /// <param name="end">How the chunk ended; null: nobody waits for it any more.</param>
    /// <param name="error">Why, where it ended badly.</param>
    /// <param name="items">How many items it had.</param>
    public static void End(Activity? activity, ChunkEnd? end, ErrorInfo? error, long items)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag("cluster.chunk.end", end is { } known ? NodeMetrics.NameOf(known) : "abandoned").SetTag("cluster.chunk.items", items);
        if (end is not (ChunkEnd.Done or ChunkEnd.Cancelled or null))
        {
            activity.SetStatus(ActivityStatusCode.Error, error?.Message);
        }

        var before = Activity.Current;
        activity.Dispose();
        Activity.Current = before;
    }
}
