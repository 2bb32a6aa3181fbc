using System.Diagnostics.Metrics;
using Cluster.Coordinator.Objects;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Sharing;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Telemetry;

/// <summary>What is counted and measured of the shared objects.</summary>
internal sealed class ObjectMetrics
{
    // What is asked for together is looked at once.
    private static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(100);

    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Histogram<double> _requestTime;
    private readonly Counter<long> _refused;
    private Action<Action<ObjectFigures>>? _look;
    private ObjectFigures _figures = new();
    private long _lookedAt;

    public ObjectMetrics(CoordinatorMetrics metrics, TimeProvider time)
    {
        (_meter, _time) = (metrics.Meter, time);
        _requestTime = _meter.CreateHistogram(
            "cluster.objects.request.time", "s", "From the arrival of a request about shared objects until it was written down and carried out.", advice: TimeBounds.Short);
        _refused = _meter.CreateCounter<long>("cluster.objects.refused", "{request}", "Requests about shared objects that were answered with an error.");
    }

    /// <summary>Now, for <see cref="CarriedOut"/>; 0: nobody wants to know.</summary>
    public long Now => _requestTime.Enabled ? _time.GetTimestamp() : 0;

    /// <summary>Adds what is measured when somebody looks.</summary>
    /// <param name="look">Has the loop measure, at once or soon.</param>
    public void Observe(Action<Action<ObjectFigures>> look)
    {
        _look = look;
        _meter.CreateObservableUpDownCounter("cluster.objects", () => Look().Objects, "{object}", "Shared objects that there are.");
        _meter.CreateObservableUpDownCounter("cluster.objects.size", () => Look().Bytes, "By", "Memory that the shared objects take.");
        _meter.CreateObservableUpDownCounter("cluster.objects.queued", () => Look().Queued, "{item}", "Items in shared queues, all together.");
        _meter.CreateObservableUpDownCounter("cluster.objects.waiting", () => Look().Waiting, "{request}", "Requests that wait: for an item, a lock, an event.");
        _meter.CreateObservableUpDownCounter("cluster.objects.sessions", () => Look().Sessions, "{session}", "Sessions with shared objects, those included whose connection has broken.");
        _meter.CreateObservableUpDownCounter("cluster.objects.watches", () => Look().Watches, "{watch}", "Watches of dictionaries.");
    }

    /// <summary>Steps that came together have happened, or were refused.</summary>
    public void CarriedOut(List<Step> steps)
    {
        if (!_requestTime.Enabled)
        {
            return;
        }

        foreach (var step in steps)
        {
            if (step.Entry.Request is { } request && step.ArrivedAt != 0)
            {
                _requestTime.Record(_time.GetElapsedTime(step.ArrivedAt).TotalSeconds, new KeyValuePair<string, object?>("cluster.object.operation", request.OperationName()));
            }
        }
    }

    /// <summary>A reply goes out.</summary>
    public void Replied(ObjectReply reply)
    {
        if (reply.Error is { } error && _refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("cluster.object.error", error.Code.ToString()));
        }
    }

    private ObjectFigures Look()
    {
        var last = Volatile.Read(ref _lookedAt);
        if (last == 0 || _time.GetElapsedTime(last) >= FreshFor)
        {
            Volatile.Write(ref _lookedAt, _time.GetTimestamp());
            _look!(figures => Volatile.Write(ref _figures, figures));
        }

        return Volatile.Read(ref _figures);
    }
}
