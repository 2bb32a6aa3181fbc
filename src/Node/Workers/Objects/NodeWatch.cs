namespace Cluster.Node.Workers.Objects;

/// <summary>The node's one watch of a dictionary.</summary>
/// <param name="target">The dictionary.</param>
/// <param name="number">The number of its request.</param>
internal sealed class NodeWatch(ulong target, ulong number)
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ulong Target { get; } = target;

    public ulong Number { get; } = number;

    /// <summary>The watches of workers that it feeds.</summary>
    public List<WorkerWatch> Fed { get; } = [];

    /// <summary>True: the node has been told of every change since it began. False: it was refused. Null: the coordinator has not answered yet.</summary>
    public bool? IsTold { get; private set; }

    /// <summary>The coordinator has answered, or never will.</summary>
    public Task Begun => _begun.Task;

    /// <summary>The coordinator has it, or has refused it; the first answer counts.</summary>
    public void Begin(bool isTold)
    {
        IsTold ??= isTold;
        _begun.TrySetResult();
    }
}
