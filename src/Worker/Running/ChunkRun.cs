using System.Diagnostics.CodeAnalysis;
using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.Worker.Output;
using Cluster.Worker.Results;

namespace Cluster.Worker.Running;

/// <summary>A chunk that this worker runs, or is about to.</summary>
[SuppressMessage("Design", "CA1001", Justification = "User code may hold on to the token after the chunk, and the source has no timer.")]
internal sealed class ChunkRun(ulong number, WorkerJob job, uint attempt)
{
    private static readonly AsyncLocal<ChunkRun?> Ambient = new();

    private readonly CancellationTokenSource _cancelling = new();
    private volatile bool _isCancelled;
    private volatile bool _isStopping;

    /// <summary>The chunk that the calling code belongs to: the chunk's own loop, and whatever user code started from it.</summary>
    public static ChunkRun? Current => Ambient.Value;

    public ulong Number => number;

    public WorkerJob Job => job;

    /// <summary>The items.</summary>
    public List<Batch> Batches { get; } = [];

    public bool IsCancelled => _isCancelled;

    /// <summary>No further item is to be begun.</summary>
    public bool IsStopping => _isStopping;

    public CancellationToken CancellationToken => _cancelling.Token;

    public TaskContext Context { get; private set; } = null!;

    /// <summary>What the chunk prints; null before it runs.</summary>
    public ChunkLines? Output { get; private set; }

    /// <summary>Makes this the current chunk of the calling flow.</summary>
    public void Enter(string node, ResultStream results)
    {
        Context = new TaskContext(job.JobId, node, (int)attempt, _cancelling.Token);
        Output = new ChunkLines(results, Context);
        Ambient.Value = this;
        TaskContext.Enter(Context);
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    public static void Leave()
    {
        Ambient.Value = null;
        TaskContext.Enter(null);
    }

    /// <summary>Asks the chunk to stop after the item that runs, which goes on undisturbed.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Asks the chunk to stop.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        _isStopping = true;

        // What user code has registered on the token runs elsewhere: the link's reader has to go on reading. What it throws is its own affair.
        _ = _cancelling.CancelAsync();
    }
}
