using System.Diagnostics.Metrics;
using Cluster.Protocol.V1;

namespace Cluster.Client.Connection;

/// <summary>What clients count, under the meter <c>Cluster.Client</c>.</summary>
internal static class ClientMetrics
{
    /// <summary>Name of the meter, and of the source of activities.</summary>
    public const string SourceName = "Cluster.Client";

    public static readonly Meter Meter = new(SourceName);

    private static readonly InstrumentAdvice<double> ShortTimes = new() { HistogramBucketBoundaries = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60] };

    public static readonly Counter<long> Redials = Meter.CreateCounter<long>(
        "cluster.client.redials", "{attempt}", "Times that a job dialled again because there was no coordinator.");

    public static readonly Counter<long> Reconnects = Meter.CreateCounter<long>(
        "cluster.client.reconnects", "{job}", "Jobs that went on after their connection had broken.");

    public static readonly UpDownCounter<long> Jobs = Meter.CreateUpDownCounter<long>(
        "cluster.client.jobs.active", "{job}", "Jobs that run, streams of submitted tasks included.");

    public static readonly UpDownCounter<long> ItemsInFlight = Meter.CreateUpDownCounter<long>(
        "cluster.client.items.in_flight", "{item}", "Items that were sent and are not answered.");

    public static readonly Counter<long> ItemsAnswered = Meter.CreateCounter<long>(
        "cluster.client.items.answered", "{item}", "Items that were answered, with a result or a failure.");

    public static readonly Counter<long> SessionsResumed = Meter.CreateCounter<long>(
        "cluster.client.objects.reconnects", "{session}", "Times that the session with the shared objects went on after its connection had broken.");

    public static readonly UpDownCounter<long> RequestsInFlight = Meter.CreateUpDownCounter<long>(
        "cluster.client.objects.in_flight", "{request}", "Requests about shared objects that have no last reply, watches included.");

    private static readonly Histogram<double> RequestTime = Meter.CreateHistogram(
        "cluster.client.objects.request.time", "s", "From a request about shared objects to its last reply, what it waited for included.",
        advice: ShortTimes);

    private static readonly Histogram<double> ReplicaLag = Meter.CreateHistogram(
        "cluster.client.replicas.lag", "s", "How long a replica was waited for that did not have a revision yet.",
        advice: ShortTimes);

    /// <summary>Now, for <see cref="Answered"/>; 0: nobody wants to know.</summary>
    public static long Now(TimeProvider time) => RequestTime.Enabled ? time.GetTimestamp() : 0;

    /// <summary>A replica has caught up with what somebody waited for.</summary>
    public static void CaughtUp(TimeSpan waited) => ReplicaLag.Record(waited.TotalSeconds);

    /// <summary>A request about shared objects has its last reply.</summary>
    public static void Answered(ObjectRequest request, long since, TimeProvider time)
    {
        if (since != 0)
        {
            RequestTime.Record(time.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>("cluster.object.operation", request.OperationCase.ToString()));
        }
    }
}
