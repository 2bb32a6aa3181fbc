using System.Diagnostics;
using Cluster.Client.Connection;

namespace Cluster.Client.Jobs;

/// <summary>The trace of a job as its caller sees it: an activity of the source <c>Cluster.Client</c>, from the call to the last answer, and the parent of the coordinator's.</summary>
internal static class JobSpan
{
    private static readonly ActivitySource Source = new(ClientMetrics.SourceName);

    /// <summary>The span that the calling code runs in, as W3C's <c>traceparent</c>; empty: none.</summary>
    public static string Caller => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : "";

    /// <summary>The same if somebody records it; null: nobody does.</summary>
    public static string? RecordedCaller => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true, Id: { } id } ? id : null;

    /// <summary>Begins it. Null: nobody listens, or the tasks have different callers.</summary>
    /// <param name="request">The job.</param>
    public static Activity? Start(JobRequest request)
    {
        var spec = request.Spec;
        if (!Source.HasListeners() || (request.IsShared && spec.Traceparent.Length == 0))
        {
            return null;
        }

        var before = Activity.Current;
        ActivityContext.TryParse(spec.Traceparent, null, out var caller);
        var activity = Source.StartActivity(request.IsShared ? "submit" : "job", ActivityKind.Client, caller)?.SetTag("cluster.job.name", spec.Name.Length > 0 ? spec.Name : $"{spec.Function.Type}.{spec.Function.Method}");

        // The caller's own goes on.
        Activity.Current = before;
        return activity;
    }

    /// <summary>Ends it.</summary>
    /// <param name="activity">Which; null: there is none.</param>
    /// <param name="jobId">The coordinator's name for the job.</param>
    /// <param name="error">What ended the job early; null: nothing.</param>
    public static void End(Activity? activity, string jobId, Exception? error)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag("cluster.job.id", jobId);
        if (error is not null)
        {
            activity.SetStatus(ActivityStatusCode.Error, error.Message);
        }

        var before = Activity.Current;
        activity.Dispose();
        Activity.Current = before;
    }
}
