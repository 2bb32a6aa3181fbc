using Cluster.Protocol.V1;

namespace Cluster.Node.Workers.Objects;

/// <summary>A watch of one worker, fed by a watch of the node.</summary>
/// <param name="worker">Whose it is.</param>
/// <param name="number">The number of its request.</param>
/// <param name="source">Where it hears of changes.</param>
internal sealed class WorkerWatch(WatchingWorker worker, ulong number, NodeWatch source)
{
    public WatchingWorker Worker { get; } = worker;

    public ulong Number { get; } = number;

    public NodeWatch Source { get; } = source;

    /// <summary>The coordinator has told the worker everything up to this revision; null: it has not answered yet.</summary>
    public ulong? Since { get; set; }

    /// <summary>What came before the coordinator's answer.</summary>
    public Queue<(ObjectReply Reply, long Bytes)> Early { get; } = new();

    /// <summary>The bytes of these.</summary>
    public long EarlyBytes { get; set; }

    /// <summary>The worker has called it off before the coordinator's answer.</summary>
    public bool IsCancelled { get; set; }
}
