using System.Diagnostics.CodeAnalysis;

namespace Cluster.Client;

/// <summary>What a function can learn about the task that it runs in: <see cref="Current"/> inside a task, on a node.</summary>
/// <remarks>
/// The context flows with <c>await</c> and into tasks that the function starts. It describes the item that is running: read what you
/// need before you hand work to something that outlives the item.
/// </remarks>
public sealed class TaskContext
{
    private static readonly AsyncLocal<TaskContext?> Ambient = new();

    private readonly Lock _gate = new();

    // Few functions have anything kept, and there is a context for each chunk.
    private List<object>? _kept;

    /// <summary>Made by the worker: one for a chunk of items that run one after another.</summary>
    internal TaskContext(string jobId, string node, int attempt, CancellationToken cancellationToken)
    {
        JobId = jobId;
        Node = node;
        Attempt = attempt;
        CancellationToken = cancellationToken;
    }

    /// <summary>The context of the task that is running.</summary>
    /// <exception cref="InvalidOperationException">The caller does not run inside a task of a cluster; ask <see cref="IsInTask"/> first.</exception>
    public static TaskContext Current => Ambient.Value ?? throw new InvalidOperationException(
        "TaskContext.Current was read outside a task. It exists only inside a function that runs on a node, such as one given to MapAsync or Submit. "
        + "Code that runs in both places can ask TaskContext.IsInTask or TaskContext.TryGetCurrent.");

    /// <summary>Whether the caller runs inside a task of a cluster.</summary>
    public static bool IsInTask => Ambient.Value is not null;

    /// <summary>Identifies the job, as in lists and logs.</summary>
    public string JobId { get; }

    /// <summary>Position of the running item in the job's input, from 0.</summary>
    public long Index { get; internal set; }

    /// <summary>
    /// How often the item has been started, this time included: 1 for the first. Attempts of <see cref="TaskOptions.Retry"/> count, and so do workers and
    /// nodes that were lost.
    /// </summary>
    public int Attempt { get; internal set; }

    /// <summary>Name of the node that runs the item.</summary>
    public string Node { get; }

    /// <summary>
    /// Cancelled when the caller cancels the item or its job, and when the item has run for its <see cref="TaskOptions.Timeout"/>. Functions may take it as
    /// their last parameter instead.
    /// </summary>
    public CancellationToken CancellationToken { get; internal set; }

    /// <summary>
    /// The cluster, for what tasks share: dictionaries, queues, locks and the rest (<see cref="SharedObjects"/>). The way there leads through the node; the task needs
    /// neither an address nor a token. Jobs cannot be started here. One for all tasks of a worker process: do not dispose it.
    /// </summary>
    [SuppressMessage("Performance", "CA1822", Justification = "It is there inside a task only.")]
    public ClusterClient Cluster => TaskCluster.Client;

    /// <summary>The context of the task that is running, if the caller runs inside one.</summary>
    /// <param name="context">The context, or null outside a task.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryGetCurrent([NotNullWhen(true)] out TaskContext? context)
    {
        context = Ambient.Value;
        return context is not null;
    }

    /// <summary>
    /// Keeps something alive until the chunk ends, if the caller runs inside a task: mapped memory, of which a function may use a span after its last use of the object that has it.
    /// </summary>
    /// <returns>Whether it is kept.</returns>
    internal static bool TryKeep(object thing)
    {
        if (Ambient.Value is not { } context)
        {
            return false;
        }

        context.Keep(thing);
        return true;
    }

    /// <summary>Makes <paramref name="context"/> the current one of this asynchronous flow; null ends it.</summary>
    internal static void Enter(TaskContext? context) => Ambient.Value = context;

    // A function may have flows of its own, which keep things at the same time.
    private void Keep(object thing)
    {
        lock (_gate)
        {
            (_kept ??= []).Add(thing);
        }
    }
}
