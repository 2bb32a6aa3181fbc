namespace Cluster.Coordinator.Scheduling;

/// <summary>How a chunk ended, as its node tells it.</summary>
internal enum ChunkOutcome
{
    /// <summary>Every item was answered.</summary>
    Done,

    /// <summary>The worker process died with items unanswered.</summary>
    WorkerLost,

    /// <summary>The worker process was killed from outside with items unanswered.</summary>
    WorkerKilled,

    /// <summary>The worker process died, or was killed, with items unanswered while it had other chunks too: any of them may be to blame.</summary>
    SharedWorkerLost,

    /// <summary>The node ended the worker process, which took too much memory, with items unanswered.</summary>
    OutOfMemory,

    /// <summary>The node dropped or stopped the chunk without blame: the coordinator had asked for it, or the node is leaving.</summary>
    Cancelled,

    /// <summary>The function could not be loaded: no item of the job can ever run.</summary>
    CodeFailed,

    /// <summary>The function's code could not be got hold of, there and then: another node may do better.</summary>
    CodeUnavailable,
}
