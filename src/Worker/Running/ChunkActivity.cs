using System.Diagnostics;

namespace Cluster.Worker.Running;

/// <summary>
/// The span of a chunk in its worker, in which user code runs: what that traces itself belongs to the caller's trace. There is one only where the caller has one; whoever listens in the worker to the
/// source <c>Cluster.Worker</c> is told of it.
/// </summary>
internal static class ChunkActivity
{
    public const string SourceName = "Cluster.Worker";

    private const string Name = "run";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins it in the calling flow.</summary>
    /// <param name="traceparent">The span of the chunk, or of its job; empty: there is none.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="node">The node.</param>
    public static void Start(string traceparent, string jobId, string node)
    {
        if (!ActivityContext.TryParse(traceparent, null, isRemote: true, out var job))
        {
            return;
        }

        // Without a listener the source makes none, and user code would begin a trace of its own.
        var activity = Source.StartActivity(Name, ActivityKind.Consumer, job)
            ?? new Activity(Name).SetParentId(job.TraceId, job.SpanId, job.TraceFlags).Start();
        activity.SetTag("cluster.job.id", jobId).SetTag("cluster.node", node);
    }

    /// <summary>Ends the one of the calling flow, if there is one.</summary>
    public static void Stop()
    {
        if (Activity.Current is { OperationName: Name } activity)
        {
            activity.Dispose();
        }
    }
}
