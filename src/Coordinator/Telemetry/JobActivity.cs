using System.Diagnostics;
using Cluster.Coordinator.Jobs;

namespace Cluster.Coordinator.Telemetry;

/// <summary>The trace of a job, from its acceptance to the end of its call: the activity <c>job</c> of the source <c>Cluster.Coordinator</c>.</summary>
internal static class JobActivity
{
    private static readonly ActivitySource Source = new(CoordinatorMetrics.SourceName);

    /// <summary>Begins it, as a part of what the caller does, and has nodes and workers go on from it. Null: nobody listens.</summary>
    public static Activity? Start(JobSession job)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // Not of the request, which the server may count as one without recording it.
        Activity.Current = null;
        ActivityContext.TryParse(job.Spec.Traceparent, null, isRemote: true, out var caller);
        var activity = Source.StartActivity("job", ActivityKind.Server, caller)?.SetTag("cluster.job.id", job.PublicId).SetTag("cluster.job.name", job.Name);
        if (activity is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            job.Spec.Traceparent = id;
        }

        return activity;
    }

    /// <summary>The call ends without the job's end: its client has left, broken the protocol, or the coordinator stops.</summary>
    public static void Fail(Activity? activity, Exception exception) => activity?.SetStatus(ActivityStatusCode.Error, exception.Message);

    /// <summary>Notes how much was done, and what ended the job early. The caller ends the activity.</summary>
    public static void End(Activity? activity, JobSession job)
    {
        if (activity is null)
        {
            return;
        }

        // As long: exporters make texts of the unsigned types.
        activity.SetTag("cluster.job.items", (long)job.Received)
            .SetTag("cluster.job.items.answered", (long)job.Completed)
            .SetTag("cluster.job.items.failed", (long)job.Failed);
        if (job.Outbox.Failure is { } failure)
        {
            activity.SetStatus(ActivityStatusCode.Error, failure.Message);
        }
    }
}
