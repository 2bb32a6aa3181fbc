using Cluster.Client.Exceptions;

namespace Cluster.Client;

/// <summary>
/// A task failed on a node: the function threw, its code could not be loaded, an argument did not fit, or the result could not be
/// serialized. <see cref="Exception.InnerException"/> is the original exception where it can be rebuilt safely, which is where its type
/// is known to this process and can be made from a message; otherwise it is null and the texts here tell everything.
/// </summary>
public sealed class RemoteTaskException : ClusterException
{
    internal RemoteTaskException(string message, bool isTransient, Exception? innerException)
        : base(message, isTransient, innerException)
    {
    }

    /// <summary>Full name of the exception's type on the node, such as <c>System.DivideByZeroException</c>; empty where none was thrown.</summary>
    public string RemoteType { get; internal init; } = "";

    /// <summary>The exception's message on the node.</summary>
    public string RemoteMessage { get; internal init; } = "";

    /// <summary>The exception's stack trace on the node, as text.</summary>
    public string RemoteStack { get; internal init; } = "";

    /// <summary>Position of the failed item in the input, from 0; null where not an item failed but the whole job.</summary>
    public long? Index { get; internal init; }

    /// <summary>Name of the node that ran the item.</summary>
    public string Node { get; internal init; } = "";

    /// <summary>Process id of the worker on that node.</summary>
    public int WorkerPid { get; internal init; }

    /// <summary>How often the item had been started: 1 if it failed the first time.</summary>
    public int Attempt { get; internal init; }

    /// <summary>The last lines that the worker had written to stderr; may be empty.</summary>
    public string StderrTail { get; internal init; } = "";

    /// <summary>The message, the exception's stack on the node, and what the worker had written to stderr.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        RemoteDetails.Append(base.ToString(), InnerException is null ? RemoteStack : "", Node, WorkerPid, StderrTail);
}
