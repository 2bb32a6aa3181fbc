using Cluster.Client.Exceptions;

namespace Cluster.Client;

/// <summary>
/// An item ran for longer than <see cref="TaskOptions.Timeout"/>, in as many attempts as <see cref="TaskOptions.Retry"/> allows. Other items of the job are
/// not affected.
/// </summary>
public sealed class TaskTimeoutException : TimeoutException
{
    internal TaskTimeoutException(string message, bool isTransient, Exception? innerException)
        : base(message, innerException)
    {
        IsTransient = isTransient;
    }

    /// <summary>True where the same call may succeed later without a change: what a retry policy should ask.</summary>
    public bool IsTransient { get; }

    /// <summary>How long the item was allowed to run.</summary>
    public TimeSpan Timeout { get; internal init; }

    /// <summary>How long it had been running when it ended late, or was ended with its worker process.</summary>
    public TimeSpan Elapsed { get; internal init; }

    /// <summary>Position of the item in the input, from 0.</summary>
    public long Index { get; internal init; }

    /// <summary>Name of the node that ran the item.</summary>
    public string Node { get; internal init; } = "";

    /// <summary>Process id of the worker on that node.</summary>
    public int WorkerPid { get; internal init; }

    /// <summary>How often the item had been started: 1 if it was not tried again.</summary>
    public int Attempt { get; internal init; }

    /// <summary>The stack trace of the exception that the function ended with when its token was cancelled, as text; may be empty.</summary>
    public string RemoteStack { get; internal init; } = "";

    /// <summary>The last lines that the worker had written to stderr; may be empty.</summary>
    public string StderrTail { get; internal init; } = "";

    /// <summary>The message, the stack on the node of what the function ended with, and what the worker had written to stderr.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        RemoteDetails.Append(base.ToString(), InnerException is null ? RemoteStack : "", Node, WorkerPid, StderrTail);
}
