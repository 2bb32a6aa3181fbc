namespace Cluster.Unit.Worker;

/// <summary>A clock on which every wait is over at once, and has taken its time: what is left of it is how long it was.</summary>
/// <param name="onWait">Told of each wait before it is over.</param>
internal sealed class JumpingTime(Action<TimeSpan>? onWait = null) : TimeProvider
{
    private TimeSpan _now;

    /// <summary>How long each wait was, in order.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    /// <summary>Something takes its time.</summary>
    public void Pass(TimeSpan time) => _now += time;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Add(dueTime);
        onWait?.Invoke(dueTime);
        _now += dueTime;

        // Who waits has not got its timer yet.
        ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
