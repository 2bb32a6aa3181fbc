namespace Cluster.Node.Workers.Assignment;

/// <summary>Where a chunk is on its way through the node.</summary>
internal enum ChunkPhase
{
    /// <summary>Waits for its job's code.</summary>
    WaitsForCode,

    /// <summary>Waits for a worker.</summary>
    WaitsForWorker,

    /// <summary>In the hands of a worker that runs something else first.</summary>
    Ahead,

    /// <summary>A worker runs it.</summary>
    Running,

    /// <summary>Answered; nothing more will be said about it.</summary>
    Ended,
}
