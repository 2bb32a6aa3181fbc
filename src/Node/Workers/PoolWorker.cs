using System.Collections.Concurrent;
using Cluster.Node.Workers.Assignment;
using Cluster.Node.Workers.Link;
using Cluster.Node.Workers.Processes;

namespace Cluster.Node.Workers;

/// <summary>A worker process with what it has in its hands.</summary>
internal sealed class PoolWorker(WorkerPoolOptions options, WorkerProcess process) : WorkerState(options.Threads, options.MaxTasks)
{
    public WorkerProcess Process => process;

    /// <summary>Set before the worker is ready.</summary>
    public WorkerLink? Link { get; set; }

    /// <summary>The chunks that it has, by their number in this process.</summary>
    public ConcurrentDictionary<ulong, PoolChunk> Chunks { get; } = new();

    /// <summary>Why the node ended it, where it did.</summary>
    public string? EndedBecause { get; set; }

    /// <summary>The same in a word for metrics.</summary>
    public string? EndCause { get; set; }

    /// <summary>How it ended, once it has.</summary>
    public ExitStatus Status { get; set; }
}
