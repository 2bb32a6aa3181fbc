using Cluster.Node.Workers.Assignment;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers;

/// <summary>Brings <see cref="ItemWatch"/> the news of workers, and the time. All but the disposal happens under the pool's lock.</summary>
internal sealed class ItemDeadlines : IDisposable
{
    private readonly ItemWatch _watch;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _origin;
    private TimeSpan? _armed;

    /// <param name="watch">Decides.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onDue">Called, without the lock, when it is time to call <see cref="Look"/>.</param>
    public ItemDeadlines(ItemWatch watch, TimeProvider time, Action onDue)
    {
        _watch = watch;
        _time = time;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => onDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>What to know about the items of a chunk; null where their time is not limited.</summary>
    public static ItemTiming? TimingOf(JobSpec spec, RunChunk first) => spec.ItemTimeout is { } timeout && first.Batches.Count > 0
        ? new ItemTiming(timeout.ToTimeSpan(), first.Batches[0].First, first is { Last: true, Batches: [{ Count: 1 }] }, first.Tries)
        : null;

    public void Begun(PoolChunk chunk)
    {
        ItemWatch.Begin(chunk, Now);
        ArmFor(chunk);
    }

    /// <summary>A worker has sent results and failures.</summary>
    public void Answered(PoolChunk chunk, WorkerResults results)
    {
        ulong next = 0;
        foreach (var batch in results.Batches)
        {
            // A part of a large answer is news, but no answer.
            var isPart = batch.FragmentTotal != 0 && batch.FragmentOffset + (ulong)batch.Payload.Length < batch.FragmentTotal;
            next = Math.Max(next, batch.First + (isPart ? 0 : batch.Count));
        }

        foreach (var failure in results.Failures)
        {
            next = Math.Max(next, failure.Index + 1);
        }

        ItemWatch.Answered(chunk, next, Now);
        ArmFor(chunk);
    }

    /// <summary>A worker says which item it runs.</summary>
    public void Reported(PoolChunk chunk, WorkerItemRunning item)
    {
        var now = Now;
        if (item is { Waiting: null, Running: null })
        {
            ItemWatch.Loaded(chunk, now);
            ArmFor(chunk);
            return;
        }

        var begun = item.Waiting is { } waiting ? now + waiting.ToTimeSpan() : now - (item.Running?.ToTimeSpan() ?? TimeSpan.Zero);
        ItemWatch.Reported(chunk, item.Index, item.Tries, begun, now);
        ArmFor(chunk);
    }

    /// <summary>Whether anybody reads what a worker says: while nobody does, its silence means nothing.</summary>
    public void Read(PoolWorker worker, bool isRead)
    {
        worker.IsUnread = !isRead;
        if (isRead)
        {
            ItemWatch.ReadAgain(worker, Now);
            Arm();
        }
    }

    /// <summary>The chunks whose item has had its time.</summary>
    public List<ChunkState> Look()
    {
        var now = Now;
        var overdue = _watch.Look(_armed ?? now, now);
        Arm();
        return overdue;
    }

    public void Dispose() => _timer.Dispose();

    private void ArmFor(PoolChunk chunk)
    {
        if (chunk is { Phase: ChunkPhase.Running, Timing: { } timing } && !(_armed <= timing.Due))
        {
            Set(timing.Due);
        }
    }

    private void Arm() => Set(_watch.NextLook());

    private void Set(TimeSpan? look)
    {
        _armed = look;
        var delay = look - Now;
        _timer.Change(delay is null ? Timeout.InfiniteTimeSpan : delay > TimeSpan.Zero ? delay.Value : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
