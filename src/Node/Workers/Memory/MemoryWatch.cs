using Cluster.Node.Workers.Assignment;

namespace Cluster.Node.Workers.Memory;

/// <summary>Measures the memory of the workers again and again, and has the pool do what <see cref="MemoryLadder"/> says.</summary>
/// <param name="pool">The workers.</param>
/// <param name="ladder">Decides.</param>
/// <param name="measure">How many bytes the process with an id has.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Gets what people should know.</param>
internal sealed class MemoryWatch(WorkerPool pool, MemoryLadder ladder, Func<int, long> measure, TimeProvider time, ILogger logger)
{
    /// <summary>How often: a worker that takes memory as fast as it can gets some hundred MiB in this time.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private MemoryPressure _pressure;
    private long _used;

    /// <summary>Bytes that the workers had when they were measured last.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>For the workers of a node.</summary>
    /// <param name="workerLimitMiB">How much a worker may have; 0: as much as it likes, null: its share.</param>
    /// <param name="workers">How many there are.</param>
    /// <param name="nodeLimit">What the node may use, in bytes.</param>
    public static MemoryLadder Ladder(int? workerLimitMiB, int workers, long nodeLimit) => new(
        workerLimitMiB switch
        {
            null => MemoryLadder.DefaultWorkerLimit(nodeLimit, workers),
            0 => null,
            { } mebibytes => (long)mebibytes << 20,
        },
        nodeLimit);

    /// <summary>Watches until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            Look();
        }
    }

    private void Look()
    {
        MemoryUse[] uses = [.. pool.Workers.Select(worker => new MemoryUse(worker, measure(worker.Process.Id)))];
        pool.NoteMemory(uses.Sum(static use => use.Bytes), ladder.NodeLimit);
        Volatile.Write(ref _used, uses.Sum(static use => use.Bytes));
        var pressure = pool.Relieve(ladder, uses);
        if (pressure != _pressure)
        {
            _pressure = pressure;
            NodeLog.MemoryPressure(logger, uses.Sum(use => use.Bytes) >> 20, ladder.NodeLimit >> 20, pressure switch
            {
                MemoryPressure.None => "enough is free again",
                MemoryPressure.NothingAhead => "workers are handed nothing ahead",
                _ => "chunks are held until there is memory again",
            });
        }
    }
}
