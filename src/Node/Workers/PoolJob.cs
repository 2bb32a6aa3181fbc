using Cluster.Node.Workers.Assignment;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers;

/// <summary>A job of a session, with what workers have to know about it.</summary>
/// <param name="pool">Whose workers run it.</param>
/// <param name="number">Unique in this process, unlike the coordinator's numbers, which start again with each coordinator.</param>
/// <param name="open">What the coordinator said.</param>
internal sealed class PoolJob(WorkerPool pool, ulong number, OpenJob open) : JobState
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerPool Pool => pool;

    public ulong Number => number;

    public string JobId => open.JobId;

    public JobSpec Spec => open.Spec;

    /// <summary>Where the files of its code are; set before the job becomes ready.</summary>
    public IReadOnlyList<string> Paths { get; set; } = [];

    /// <summary>Done when it is closed, and its last chunk has ended.</summary>
    public Task Ended => _ended.Task;

    internal override void Over() => _ended.TrySetResult();

    /// <summary>Why the code cannot be had; set before the job fails.</summary>
    public ErrorInfo? CodeError { get; set; }
}
