namespace Cluster.Node.Workers.Assignment;

/// <summary>A chunk as the pool's decisions see it.</summary>
internal class ChunkState(JobState job)
{
    public JobState Job { get; } = job;

    public ChunkPhase Phase { get; internal set; } = ChunkPhase.WaitsForCode;

    /// <summary>About its running item, where the job limits the time of items; null elsewhere.</summary>
    public ItemTiming? Timing { get; init; }

    /// <summary>Its item was lost before in company: it needs a worker that has nothing else while it runs.</summary>
    public bool IsAlone { get; init; }

    /// <summary>How many items have come.</summary>
    public long Items { get; set; } = 1;

    /// <summary>The worker that has the chunk, or had it last.</summary>
    public WorkerState? Worker { get; internal set; }

    /// <summary>All of its items have come.</summary>
    public bool IsComplete { get; set; } = true;

    /// <summary>It was handed over ahead of its time, and has been asked back.</summary>
    public bool IsRecalled { get; internal set; }

    /// <summary>The coordinator, or the end of its session, has withdrawn the chunk.</summary>
    public bool IsCancelled { get; internal set; }

    /// <summary>Nobody waits for an answer any more: the session that asked for the chunk is over.</summary>
    public bool IsAbandoned { get; internal set; }

    /// <summary>The coordinator wants it back if it has not begun.</summary>
    internal bool IsWithdrawn { get; set; }

    /// <summary>It runs, or will, after its grace: it ends with its worker.</summary>
    internal bool IsOverdue { get; set; }

    /// <summary>No worker has anything of it any more.</summary>
    public virtual void TakenBack()
    {
    }

    /// <summary>It is over, and nobody waits for an answer.</summary>
    public virtual void Forgotten()
    {
    }

    internal bool IsRecallable => IsComplete && !IsRecalled && !IsCancelled;
}
