using Cluster.Protocol.V1;

namespace Cluster.Node.Telemetry;

/// <summary>Where a node's gauges look.</summary>
internal sealed record NodeFigures
{
    public required int Slots { get; init; }

    public required Func<bool> IsAttached { get; init; }

    /// <summary>Chunks that run, and that wait.</summary>
    public required Func<Heartbeat> Load { get; init; }

    public required Func<int> Workers { get; init; }

    public required Func<int> Processes { get; init; }

    /// <summary>Bytes of results that the coordinator has not acknowledged.</summary>
    public required Func<long> KeptBytes { get; init; }

    /// <summary>Bytes that the workers have.</summary>
    public required Func<long> MemoryUsed { get; init; }

    /// <summary>Bytes that they may have together.</summary>
    public required Func<long> MemoryLimit { get; init; }

    public required Func<int> ObjectConnections { get; init; }

    public required Func<int> ObjectWatches { get; init; }
}
