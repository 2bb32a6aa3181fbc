using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>The books that the ledger keeps, and the audits read.</summary>
internal sealed class Books(VirtualClock clock)
{
    public Dictionary<JobId, JobBook> Jobs { get; } = [];

    /// <summary>Chunks that nodes hold.</summary>
    public Dictionary<ChunkId, ChunkBook> Chunks { get; } = [];

    /// <summary>Nodes that are attached, whether there is a connection to them or not.</summary>
    public Dictionary<NodeId, NodeBook> Nodes { get; } = [];

    /// <summary>Nodes that were lost.</summary>
    public HashSet<NodeId> Lost { get; } = [];

    /// <summary>Items that nodes had in hand when they attached.</summary>
    public HashSet<(NodeId Node, JobId Job, ulong Index)> Brought { get; } = [];

    public RecallBook Recalls { get; } = new(clock);

    public FairnessBook Fairness { get; } = new(clock);

    /// <summary>What has happened at least once: kinds of commands, ends of jobs and chunks, reasons of failures, and more.</summary>
    public HashSet<Enum> Seen { get; } = [];

    public ChunkBook Live(ChunkId id) => Chunks.TryGetValue(id, out ChunkBook? chunk) ? chunk : throw new SimulationFailedException($"{id} is not out");

    /// <summary>A chunk is back.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="elapsed">What its node says of the time that it took; null: it says nothing.</param>
    public void Close(ChunkBook chunk, TimeSpan? elapsed = null)
    {
        Fairness.Settle(chunk, elapsed);
        Chunks.Remove(chunk.Id);
        chunk.Node.Change(-1);
        Recalls.Remove(chunk);
        chunk.Job.LetGo(chunk);
    }
}
