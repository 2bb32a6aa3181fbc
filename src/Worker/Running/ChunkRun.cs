using System.Diagnostics.CodeAnalysis;
using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.Worker.Output;
using Cluster.Worker.Results;

namespace Cluster.Worker.Running;

/// <summary>A chunk that this worker runs, or is about to.</summary>
/// <param name="number">Its number.</param>
/// <param name="job">Its job.</param>
/// <param name="attempt">How often its items have been handed out, this time included.</param>
/// <param name="tries">How many attempts at its only item have failed in other workers, by the count of the job's retry policy.</param>
[SuppressMessage("Design", "CA1001", Justification = "User code may hold on to the token after the chunk, and the source has no timer.")]
internal sealed class ChunkRun(ulong number, WorkerJob job, uint attempt, uint tries = 0)
{
    private static readonly AsyncLocal<ChunkRun?> Ambient = new();

    private readonly CancellationTokenSource _cancelling = new();
    private volatile bool _isCancelled;
    private volatile bool _isStopping;

    /// <summary>The chunk that the calling code belongs to: the chunk's own loop, and whatever user code started from it.</summary>
    public static ChunkRun? Current => Ambient.Value;

    public ulong Number => number;

    public WorkerJob Job => job;

    /// <summary>The node's span of it; empty: there is none.</summary>
    public string Traceparent { get; init; } = "";

    /// <summary>The items.</summary>
    public List<Batch> Batches { get; } = [];

    public bool IsCancelled => _isCancelled;

    /// <summary>No further item is to be begun.</summary>
    public bool IsStopping => _isStopping;

    public CancellationToken CancellationToken => _cancelling.Token;

    /// <summary>How many attempts at its only item have failed in other workers.</summary>
    public uint Tries => tries;

    /// <summary>Limits the time of its items; null where they may take as long as they like, and before the chunk runs.</summary>
    public ItemClock? Clock { get; private set; }

    public TaskContext Context { get; private set; } = null!;

    /// <summary>What the chunk prints; null before it runs.</summary>
    public ChunkLines? Output { get; private set; }

    /// <summary>Makes this the current chunk of the calling flow.</summary>
    public void Enter(string node, ResultStream results)
    {
        Context = new TaskContext(job.JobId, node, (int)attempt, _cancelling.Token);
        Output = new ChunkLines(results, Context);
        results.Clock = Clock = job.Limits?.CreateClock();
        Ambient.Value = this;
        TaskContext.Enter(Context);
        ChunkActivity.Start(Traceparent.Length > 0 ? Traceparent : job.Spec.Traceparent, job.JobId, node);
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    public static void Leave()
    {
        ChunkActivity.Stop();
        Ambient.Value = null;
        TaskContext.Enter(null);
    }

    /// <summary>It is another item's turn.</summary>
    public void BeginItem(ulong index)
    {
        Context.Index = (long)index;
        Context.Attempt = (int)attempt;
    }

    /// <summary>The function is about to be called on the current item, perhaps not for the first time.</summary>
    public void BeginAttempt(ItemAttempts attempts)
    {
        Context.Attempt = (int)(attempt + attempts.FailedHere);
        if (Clock is not { } clock)
        {
            return;
        }

        Context.CancellationToken = clock.Begin((ulong)Context.Index, attempts.Failed);
        if (_isCancelled)
        {
            // It may have come too early for this attempt's token.
            clock.Cancel();
        }
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
        Clock?.Cancel();
    }
}
