using System.Diagnostics.Metrics;

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
        LambdaCompileTime = Meter.CreateCounter<double>("cluster.lambdas.compile_time", "s", "Time that texts took to compile, and waited for it.");
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

    public Counter<long> NodesResumed { get; }

    public Counter<long> LambdasCompiled { get; }

    public Counter<long> LambdasFailed { get; }

    public Counter<long> LambdasReused { get; }

    public Counter<double> LambdaCompileTime { get; }

    /// <summary>Adds what is measured when somebody looks.</summary>
    public void Observe(Func<int> jobs, Func<int> nodes, Func<int> slots, Func<int> chunksOut, Func<long> undelivered)
    {
        Meter.CreateObservableUpDownCounter("cluster.jobs.active", jobs, "{job}", "Jobs that run.");
        Meter.CreateObservableUpDownCounter("cluster.nodes.attached", nodes, "{node}", "Nodes that are attached.");
        Meter.CreateObservableUpDownCounter("cluster.slots", slots, "{slot}", "Chunks that the attached nodes run at once.");
        Meter.CreateObservableUpDownCounter("cluster.chunks.held", chunksOut, "{chunk}", "Chunks in the hands of nodes.");
        Meter.CreateObservableUpDownCounter("cluster.results.undelivered", undelivered, "By", "Replies that wait for clients, and parts of large results.");
    }

    public void Dispose() => Meter.Dispose();
}
