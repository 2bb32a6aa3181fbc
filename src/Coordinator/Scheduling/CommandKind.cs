namespace Cluster.Coordinator.Scheduling;

/// <summary>What a <see cref="SchedulerCommand"/> asks for, and which of its fields count.</summary>
internal enum CommandKind
{
    /// <summary>Send items to a node: Node, Chunk, Job, Items, Attempt.</summary>
    Dispatch,

    /// <summary>Have a node go on with an item that it brought along: Node, Chunk, Job, Items (one), Attempt.</summary>
    Adopt,

    /// <summary>Ask a node to give a chunk up; if it does it answers with the chunk's end: Node, Chunk, Job, Mode.</summary>
    CancelChunk,

    /// <summary>Tell the client that an item failed: Job, Items (one), Failure, Attempt (how often it was handed out), Node (the last that held it).</summary>
    FailItem,

    /// <summary>Tell the client that items were cancelled: Job, Items.</summary>
    CancelItems,

    /// <summary>Items are in the hands of a worker: Job, Items, Node.</summary>
    ItemsStarted,

    /// <summary>The job has items but no node may run them: Job; <see cref="Scheduler.GetJob"/> says why.</summary>
    JobWaiting,

    /// <summary>Tell the client that the job is over: Job, Outcome. Nothing about its items follows.</summary>
    JobEnded,

    /// <summary>No node holds a chunk of the ended job any more: Job.</summary>
    JobReleased,
}
