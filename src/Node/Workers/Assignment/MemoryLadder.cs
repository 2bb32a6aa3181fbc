namespace Cluster.Node.Workers.Assignment;

/// <summary>
/// Decides what is done about the memory of workers, in steps: a worker over its limit is replaced after its chunk, one far over it is ended. When all
/// together take much of what the node may use, it takes less on, then nothing, and at last ends the largest, before the kernel ends any process that it likes.
/// </summary>
/// <param name="workerLimit">How many bytes a worker may have; null: as many as it likes.</param>
/// <param name="nodeLimit">How many bytes the node may use.</param>
internal sealed class MemoryLadder(long? workerLimit, long nodeLimit)
{
    private const double FarOver = 1.5;
    private const double NothingAheadFrom = 0.80;
    private const double HoldFrom = 0.90;
    private const double KillFrom = 0.95;

    /// <summary>What a worker may have by default: even when all have that much, nothing is held up.</summary>
    public static long DefaultWorkerLimit(long nodeLimit, int workers) => Math.Max(SmallestDefault, (long)(NothingAheadFrom * nodeLimit / workers));

    /// <summary>Where the share of a worker is smaller, only the node's limit counts: a function that loads some libraries has more at once.</summary>
    public const long SmallestDefault = 256 << 20;

    public long NodeLimit => nodeLimit;

    /// <summary>Judges what was measured.</summary>
    /// <param name="uses">Every worker once.</param>
    public MemoryVerdict Judge(IReadOnlyList<MemoryUse> uses)
    {
        List<WorkerState> recycled = [];
        List<MemoryKill> killed = [];
        var pressure = PressureOf(uses.Sum(use => use.Bytes));
        foreach (var (worker, bytes) in uses)
        {
            if (worker is { Running.Count: > 0, IsKilled: false } && workerLimit is { } limit && bytes > FarOver * limit)
            {
                killed.Add(new MemoryKill(worker, new MemoryOveruse(limit, bytes, bytes, OfNode: false)));
            }
            else if (HasWorked(worker) && (bytes > workerLimit || (pressure == MemoryPressure.Hold && worker.Held == 0)))
            {
                // One that has nothing to do leaves behind what earlier items left in it.
                recycled.Add(worker);
            }
        }

        if (killed.Count == 0 && LargestOfTooMany(uses) is { } largest)
        {
            killed.Add(largest);
        }

        return new MemoryVerdict(pressure, recycled, killed);
    }

    private MemoryKill? LargestOfTooMany(IReadOnlyList<MemoryUse> uses)
    {
        // What is about to be given back does not count, or one after the other would be ended while the first still is.
        var staying = uses.Where(use => use.Worker is { IsKilled: false } worker && (worker.Held > 0 || !HasWorked(worker))).ToArray();
        var total = staying.Sum(use => use.Bytes);
        var running = staying.Where(use => use.Worker.Running.Count > 0).ToArray();
        if (total <= KillFrom * nodeLimit || running.Length == 0)
        {
            return null;
        }

        var largest = running.MaxBy(use => use.Bytes);
        return new MemoryKill(largest.Worker, new MemoryOveruse(nodeLimit, total, largest.Bytes, OfNode: true));
    }

    /// <summary>A worker that has run nothing has nothing to give back: replacing it would go on for ever.</summary>
    private static bool HasWorked(WorkerState worker) => worker.Done > 0 || worker.Running.Count > 0;

    private MemoryPressure PressureOf(long total) => total switch
    {
        _ when total > HoldFrom * nodeLimit => MemoryPressure.Hold,
        _ when total > NothingAheadFrom * nodeLimit => MemoryPressure.NothingAhead,
        _ => MemoryPressure.None,
    };
}
