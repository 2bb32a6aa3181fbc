using Cluster.Node.Session;
using Cluster.Node.Workers.Assignment;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers;

/// <summary>A chunk in the node's hands.</summary>
/// <param name="number">Unique in this process, unlike the coordinator's numbers.</param>
/// <param name="job">The job that it belongs to.</param>
/// <param name="first">Its first, and often only, message.</param>
/// <param name="outbox">Where its answers go: the session that asked for it.</param>
/// <param name="onEnded">Called when it has been answered.</param>
internal sealed class PoolChunk(ulong number, PoolJob job, RunChunk first, Outbox outbox, Action<PoolChunk> onEnded) : ChunkState(job)
{
    public ulong Number => number;

    /// <summary>The coordinator's number.</summary>
    public ulong Id { get; } = first.ChunkId;

    public uint Attempt { get; } = first.Attempt;

    public PoolJob PoolJob => job;

    public Outbox Outbox => outbox;

    public bool WantsOutput => job.Spec.WantOutput;

    /// <summary>What came so far and has not gone to a worker.</summary>
    public Queue<RunChunk> Parts { get; } = new([first]);

    /// <summary>When it was handed to a worker; 0 before.</summary>
    public long StartedAt { get; set; }

    public void Ended() => onEnded(this);
}
