namespace Cluster.Node.Workers.Assignment;

/// <summary>What the pool has to do next.</summary>
internal enum PoolActionKind
{
    /// <summary>Start a worker process.</summary>
    StartWorker,

    /// <summary>End a worker process, whatever it does.</summary>
    KillWorker,

    /// <summary>End a worker process that has too much memory, whatever it does.</summary>
    KillOversized,

    /// <summary>End a worker process that has nothing to do, and has run as many items as it may or has more memory than it should keep.</summary>
    RetireWorker,

    /// <summary>Tell a worker what a job runs.</summary>
    OpenJob,

    /// <summary>Tell a worker to forget a job.</summary>
    CloseJob,

    /// <summary>Hand a chunk to a worker.</summary>
    Send,

    /// <summary>Tell the coordinator that a chunk has begun.</summary>
    Begun,

    /// <summary>Ask a worker for a chunk back that it may not have begun.</summary>
    Recall,

    /// <summary>Have a worker drop a chunk, or cancel its token where it runs.</summary>
    CancelAtWorker,

    /// <summary>Have a worker skip what it has not begun of a chunk; the running item is not told.</summary>
    StopAfterItem,

    /// <summary>Tell the coordinator that a chunk was dropped before a worker saw it, or that its worker was ended to cancel it.</summary>
    EndCancelled,

    /// <summary>Tell the coordinator that a chunk's worker was ended because the time of its item was up.</summary>
    EndTimedOut,

    /// <summary>Tell the coordinator that a chunk's worker was ended because the chunk took too much memory.</summary>
    EndOutOfMemory,

    /// <summary>Tell the coordinator that a chunk lost its worker.</summary>
    EndWorkerLost,

    /// <summary>Tell the coordinator that a chunk's code cannot be had.</summary>
    EndCodeFailed,
}

/// <summary>One step that the pool has to take; steps for one worker are taken in order.</summary>
internal readonly record struct PoolAction(
    PoolActionKind Kind, WorkerState? Worker = null, ChunkState? Chunk = null, JobState? Job = null);
