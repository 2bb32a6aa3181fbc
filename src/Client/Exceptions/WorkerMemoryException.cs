namespace Cluster.Client;

/// <summary>
/// The process that ran an item took so much memory that its node ended it, more often than the item's budget of attempts allows: a second time. Other items
/// of the job are not affected. Let the function take less at a time, or give workers more: <c>--worker-memory</c> of nodes,
/// <c>LocalClusterOptions.WorkerMemoryMiB</c>, or fewer workers on a node.
/// </summary>
public sealed class WorkerMemoryException : WorkerLostException
{
    internal WorkerMemoryException(string message, bool isTransient)
        : base(message, isTransient)
    {
    }

    /// <summary>How many bytes of memory the worker was allowed, or all workers of its node together where those were too many.</summary>
    public long LimitBytes { get; internal init; }

    /// <summary>How many bytes of memory it had, or all of them together, when it was ended.</summary>
    public long UsedBytes { get; internal init; }
}
