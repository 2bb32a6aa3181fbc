namespace Cluster.Client;

/// <summary>How large a <see cref="LocalCluster"/> is. Immutable; use <c>with</c> to vary it. The defaults use every processor.</summary>
public sealed record LocalClusterOptions
{
    internal static readonly LocalClusterOptions Default = new();

    /// <summary>How many node daemons to start. Default 1. More of them are of use to try out what depends on nodes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Nodes
    {
        get;
        init => field = AtLeastOne(value, nameof(Nodes));
    } = 1;

    /// <summary>
    /// Worker processes per node. Default (null): the processors that this process may use (CPU quota and affinity count) divided by
    /// <see cref="Nodes"/>, at least 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? WorkersPerNode
    {
        get;
        init => field = value is { } workers ? AtLeastOne(workers, nameof(WorkersPerNode)) : null;
    }

    /// <summary>Tasks that a worker process runs at once. Default (null): 1. More of them suit functions that mostly wait.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? ThreadsPerWorker
    {
        get;
        init => field = value is { } threads ? AtLeastOne(threads, nameof(ThreadsPerWorker)) : null;
    }

    /// <summary>
    /// After how many items a worker process is replaced: <c>maxtasksperchild</c> of Python's <c>Pool</c>, for functions that leak. It finishes its chunk
    /// first, so that it may run a few more. Default (null): never.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? MaxTasksPerWorker
    {
        get;
        init => field = value is { } tasks ? AtLeastOne(tasks, nameof(MaxTasksPerWorker)) : null;
    }

    /// <summary>
    /// How much memory a worker process may have, in MiB: one that has more is replaced after its chunk, one that has half as much again is ended, and its
    /// item fails with <see cref="WorkerMemoryException"/> the second time. Default (null): 80 % of what the processes may use (machine or cgroup), divided
    /// by <see cref="Nodes"/> and <see cref="WorkersPerNode"/>. 0: no limit for each; the largest is still ended when all together take nearly everything. Linux only.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither 0 nor at least 64, which a worker without any work nearly has.</exception>
    public int? WorkerMemoryMiB
    {
        get;
        init => field = value is null or 0 or >= 64
            ? value
            : throw new ArgumentOutOfRangeException(nameof(WorkerMemoryMiB), value, $"{nameof(WorkerMemoryMiB)} must be 0 or at least 64.");
    }

    /// <summary>Whether tasks may run programs with <see cref="CommandTask"/>. Default: false.</summary>
    public bool AllowCommands { get; init; }

    /// <summary>
    /// Labels of the nodes, for <see cref="TaskOptions.Requires"/>: those at position 0 belong to the first node, and so on. Nodes beyond
    /// the end have none, as by default all have.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> NodeLabels { get; init; } = [];

    /// <summary>How long the processes may take to get ready, all together. Default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan StartTimeout
    {
        get;
        init => field = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StartTimeout), value, $"{nameof(StartTimeout)} must be positive.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Options of <see cref="LocalCluster.Client"/>. A token that they name protects the local cluster too; by default, every user of this
    /// machine can reach its loopback address.
    /// </summary>
    public ClusterClientOptions Client { get; init; } = new();

    /// <summary>
    /// Folder with the programs of the cluster. Default (null): <c>cluster-programs</c> beside the running program, where the build puts it.
    /// </summary>
    public string? ProgramsDirectory { get; init; }

    /// <summary>Where the coordinator listens for others. Default: a free port on loopback.</summary>
    internal Uri Listen { get; init; } = new("http://127.0.0.1:0");

    /// <summary>Gets what the processes log, line by line; null: only the last lines are kept, for the message of a failure.</summary>
    internal Action<string>? OnLog { get; init; }

    /// <summary>Further arguments of the coordinator's program.</summary>
    internal IReadOnlyList<string> CoordinatorArguments { get; init; } = [];

    internal int EffectiveWorkersPerNode => WorkersPerNode ?? Math.Max(1, Environment.ProcessorCount / Nodes);

    private static int AtLeastOne(int value, string option) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(option, value, $"{option} must be at least 1.");
}
