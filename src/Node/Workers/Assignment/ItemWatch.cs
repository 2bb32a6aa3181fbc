namespace Cluster.Node.Workers.Assignment;

/// <summary>
/// Decides when an item has had its time, from what its worker says and does not say: a worker that is stopped, or stuck in native code, says nothing, and
/// so what counts is the absence of news. Times go in, decisions come out.
/// </summary>
/// <remarks>
/// The worker cancels an item's token when its time is up, and answers for it when it ends then. What is decided here is what comes after that.
/// </remarks>
/// <param name="workers">The pool's workers, as they come and go.</param>
internal sealed class ItemWatch(IReadOnlyList<WorkerState> workers)
{
    /// <summary>For a function that was told that its time is up, to come to an end.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <summary>For news to arrive.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    /// <summary>For a worker to load a job's code, which is nobody's time. The first news of the job ends it.</summary>
    private static readonly TimeSpan Loading = TimeSpan.FromSeconds(30);

    /// <summary>A look that comes later than this says that the node itself stood still, and may not have read what is there to read.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(250);

    /// <summary>For what was not read in time to be read.</summary>
    private static readonly TimeSpan CatchingUp = TimeSpan.FromSeconds(1);

    /// <summary>When to look next; null: there is nothing to wait for.</summary>
    public TimeSpan? NextLook()
    {
        TimeSpan? next = null;
        foreach (var chunk in Watched())
        {
            next = next < chunk.Timing!.Due ? next : chunk.Timing.Due;
        }

        return next;
    }

    /// <summary>A worker begins a chunk.</summary>
    public static void Begin(ChunkState chunk, TimeSpan now)
    {
        if (chunk is { Timing: { } timing, Worker: { } worker })
        {
            Restart(timing, now);
            timing.Due += worker.LoadedJobs.Contains(chunk.Job) ? TimeSpan.Zero : Loading;
        }
    }

    /// <summary>A worker has answered items; if it was part of a large answer only, <paramref name="next"/> is that item.</summary>
    public static void Answered(ChunkState chunk, ulong next, TimeSpan now)
    {
        if (chunk.Timing is not { } timing)
        {
            return;
        }

        if (next > timing.Index)
        {
            (timing.Index, timing.Tries, timing.IsCertain) = (next, 0, timing.IsAlone);
        }

        Restart(timing, now);
        NoteCode(chunk, now);
    }

    /// <summary>A worker has the job's code, and begins a chunk of it.</summary>
    public static void Loaded(ChunkState chunk, TimeSpan now)
    {
        if (chunk.Timing is { } timing)
        {
            Restart(timing, now);
            NoteCode(chunk, now);
        }
    }

    /// <summary>A worker says which item it runs.</summary>
    /// <param name="chunk">The item's chunk.</param>
    /// <param name="index">The item.</param>
    /// <param name="tries">How many attempts at it have failed.</param>
    /// <param name="begun">When the attempt began, or will: in the future where it waits for its turn.</param>
    /// <param name="now">The time.</param>
    public static void Reported(ChunkState chunk, ulong index, uint tries, TimeSpan begun, TimeSpan now)
    {
        if (chunk.Timing is not { } timing || index < timing.Index)
        {
            return;
        }

        (timing.Index, timing.Tries, timing.IsCertain) = (index, tries, true);
        Restart(timing, begun);
        NoteCode(chunk, now);
    }

    /// <summary>What a worker says is read again, after a while in which there was no room for it.</summary>
    public static void ReadAgain(WorkerState worker, TimeSpan now)
    {
        foreach (var chunk in worker.Running)
        {
            if (chunk.Timing is { } timing && timing.Due < now + CatchingUp)
            {
                timing.Due = now + CatchingUp;
            }
        }
    }

    /// <summary>Finds the chunks whose running item has had its time.</summary>
    /// <param name="planned">When this look was due.</param>
    /// <param name="now">The time.</param>
    public List<ChunkState> Look(TimeSpan planned, TimeSpan now)
    {
        List<ChunkState> overdue = [];
        var stood = now - planned > Stall;
        foreach (var chunk in Watched())
        {
            var timing = chunk.Timing!;
            if (timing.Due > now)
            {
                continue;
            }

            if (stood)
            {
                timing.Due = now + CatchingUp;
                continue;
            }

            timing.Overdue = now - timing.Since;
            overdue.Add(chunk);
        }

        return overdue;
    }

    private IEnumerable<ChunkState> Watched() => workers
        .Where(worker => !worker.IsUnread)
        .SelectMany(worker => worker.Running)
        .Where(chunk => chunk is { Timing: { Overdue: null }, IsCancelled: false });

    private static void Restart(ItemTiming timing, TimeSpan begun)
    {
        timing.Since = begun;
        timing.Due = begun + timing.Timeout + Grace + Slack;
    }

    /// <summary>The worker has the job's code; others of its chunks may have waited for it.</summary>
    private static void NoteCode(ChunkState chunk, TimeSpan now)
    {
        if (chunk.Worker is not { } worker || !worker.LoadedJobs.Add(chunk.Job))
        {
            return;
        }

        foreach (var other in worker.Running)
        {
            if (other != chunk && other.Job == chunk.Job && other.Timing is { } timing)
            {
                Restart(timing, now);
            }
        }
    }
}
