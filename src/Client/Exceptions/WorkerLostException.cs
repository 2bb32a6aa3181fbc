namespace Cluster.Client;

/// <summary>
/// The process or the node that ran an item died, more often than the item's budget of attempts allows. Other items of the job are not
/// affected. (Python's <c>Pool</c> hangs here, its <c>ProcessPoolExecutor</c> fails everything.)
/// </summary>
public class WorkerLostException : ClusterException
{
    internal WorkerLostException(string message, bool isTransient)
        : base(message, isTransient)
    {
    }

    /// <summary>Exit code of the last worker process; null where a signal ended it or its end was not seen.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>Number of the signal that killed the last worker process, such as 9; null where it exited by itself or its end was not seen.</summary>
    public int? Signal { get; internal init; }

    /// <summary>How often the item had been started.</summary>
    public int Attempts { get; internal init; }

    /// <summary>Position of the item in the input, from 0; null where not an item was lost but the whole job.</summary>
    public long? Index { get; internal init; }

    /// <summary>Name of the node that ran the item last.</summary>
    public string Node { get; internal init; } = "";

    /// <summary>Process id of the last worker.</summary>
    public int WorkerPid { get; internal init; }

    /// <summary>The last lines that the worker had written to stderr; may be empty.</summary>
    public string StderrTail { get; internal init; } = "";
}
