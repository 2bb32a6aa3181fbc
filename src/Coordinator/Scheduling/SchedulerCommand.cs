using System.Runtime.InteropServices;

namespace Cluster.Coordinator.Scheduling;

/// <summary>One thing that the scheduler wants done. <see cref="Kind"/> says which fields count.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SchedulerCommand
{
    /// <summary>What is to be done.</summary>
    public CommandKind Kind { get; private init; }

    /// <summary>The job concerned.</summary>
    public JobId Job { get; private init; }

    /// <summary>The node concerned.</summary>
    public NodeId Node { get; private init; }

    /// <summary>The chunk concerned.</summary>
    public ChunkId Chunk { get; private init; }

    /// <summary>The items concerned.</summary>
    public ItemRange Items { get; private init; }

    /// <summary>1 for the first time that the items are handed out.</summary>
    public uint Attempt { get; private init; }

    /// <summary>How many attempts at the items were ended because their time was up.</summary>
    public uint Tries { get; private init; }

    /// <summary>The item needs a worker for itself.</summary>
    public bool Alone { get; private init; }

    /// <summary>How firmly a chunk is asked for.</summary>
    public CancelMode Mode { get; private init; }

    /// <summary>Why an item failed.</summary>
    public FailureReason Failure { get; private init; }

    /// <summary>Why a job ended.</summary>
    public JobOutcome Outcome { get; private init; }

    /// <summary>Send the items of <paramref name="segment"/> to <paramref name="node"/>.</summary>
    public static SchedulerCommand Dispatch(NodeId node, ChunkId chunk, JobId job, in PendingSegment segment) =>
        new() { Kind = CommandKind.Dispatch, Node = node, Chunk = chunk, Job = job, Items = segment.Items, Attempt = segment.Attempt, Tries = segment.Tries, Alone = segment.Alone };

    /// <summary>The same for an item that <paramref name="node"/> has already.</summary>
    public static SchedulerCommand Adopt(NodeId node, ChunkId chunk, JobId job, in PendingSegment segment) => Dispatch(node, chunk, job, segment) with { Kind = CommandKind.Adopt };

    /// <summary>Ask <paramref name="node"/> to give <paramref name="chunk"/> up.</summary>
    public static SchedulerCommand CancelChunk(NodeId node, ChunkId chunk, JobId job, CancelMode mode) =>
        new() { Kind = CommandKind.CancelChunk, Node = node, Chunk = chunk, Job = job, Mode = mode };

    /// <summary>Item <paramref name="index"/> fails.</summary>
    public static SchedulerCommand FailItem(JobId job, ulong index, FailureReason reason, uint attempts, NodeId node) =>
        new() { Kind = CommandKind.FailItem, Job = job, Items = new ItemRange(index, 1), Failure = reason, Attempt = attempts, Node = node };

    /// <summary>The items are cancelled.</summary>
    public static SchedulerCommand CancelItems(JobId job, ItemRange items) => new() { Kind = CommandKind.CancelItems, Job = job, Items = items };

    /// <summary>A worker of <paramref name="node"/> has begun with the items.</summary>
    public static SchedulerCommand ItemsStarted(JobId job, ItemRange items, NodeId node) =>
        new() { Kind = CommandKind.ItemsStarted, Job = job, Items = items, Node = node };

    /// <summary>The job has items, but no node may run them.</summary>
    public static SchedulerCommand JobWaiting(JobId job) => new() { Kind = CommandKind.JobWaiting, Job = job };

    /// <summary>The job is over.</summary>
    public static SchedulerCommand JobEnded(JobId job, JobOutcome outcome) => new() { Kind = CommandKind.JobEnded, Job = job, Outcome = outcome };

    /// <summary>Nodes hold nothing of the ended job any more.</summary>
    public static SchedulerCommand JobReleased(JobId job) => new() { Kind = CommandKind.JobReleased, Job = job };
}
