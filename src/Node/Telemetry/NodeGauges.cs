using System.Diagnostics.Metrics;

namespace Cluster.Node.Telemetry;

/// <summary>What is measured of a node when somebody looks, under the meter <c>Cluster.Node</c>. A meter of its own, which ends with the node.</summary>
internal sealed class NodeGauges : IDisposable
{
    /// <summary>Its meter.</summary>
    public Meter Meter { get; } = new(NodeMetrics.SourceName);

    /// <param name="node">What is looked at.</param>
    public NodeGauges(NodeFigures node)
    {
        Meter.CreateObservableUpDownCounter("cluster.node.attached", () => node.IsAttached() ? 1 : 0, "{session}", "Whether there is a session with the coordinator, and a connection for it.");
        Meter.CreateObservableUpDownCounter("cluster.node.slots", () => node.Slots, "{slot}", "Chunks that the node runs at once.");
        Meter.CreateObservableUpDownCounter("cluster.node.slots.busy", () => (long)node.Load().Running, "{slot}", "Chunks that workers run.");
        Meter.CreateObservableUpDownCounter("cluster.node.chunks.waiting", () => (long)node.Load().Waiting, "{chunk}", "Chunks that wait for code, for a worker, or in one.");
        Meter.CreateObservableUpDownCounter("cluster.node.workers", node.Workers, "{worker}", "Worker processes of the pool.");
        Meter.CreateObservableUpDownCounter("cluster.node.processes", node.Processes, "{process}", "Processes that jobs have for themselves, beside the pool.");
        Meter.CreateObservableUpDownCounter("cluster.node.results.kept", node.KeptBytes, "By", "Results that the coordinator has not acknowledged.");
        Meter.CreateObservableUpDownCounter("cluster.node.memory.used", node.MemoryUsed, "By", "Memory of the workers, as it was measured last.");
        Meter.CreateObservableUpDownCounter("cluster.node.memory.limit", node.MemoryLimit, "By", "Memory that all workers together may use; 0: the system does not say.");
        Meter.CreateObservableUpDownCounter("cluster.node.objects.connections", node.ObjectConnections, "{connection}", "Workers whose tasks use shared objects.");
        Meter.CreateObservableUpDownCounter("cluster.node.objects.watches", node.ObjectWatches, "{watch}", "Dictionaries that the node watches, each once for all of its workers.");
    }

    public void Dispose() => Meter.Dispose();
}
