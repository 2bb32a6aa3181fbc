namespace Grpc.Wire;

/// <summary>Acts when the time of a call is up.</summary>
internal sealed class CallDeadline : IDisposable, IAsyncDisposable
{
    // What a timer can take is about 49 days; a deadline can be further away.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly TimeProvider _clock;
    private readonly Action _passed;
    private readonly ITimer _timer;

    // Measured, not told: the wall clock may be set meanwhile.
    private readonly long _startedAt;
    private TimeSpan _due;

    public CallDeadline(TimeProvider clock, TimeSpan timeout, Action passed)
    {
        _clock = clock;
        _passed = passed;
        DateTimeOffset now = clock.GetUtcNow();
        Time = timeout < DateTimeOffset.MaxValue - now ? now + timeout : DateTimeOffset.MaxValue;
        _startedAt = clock.GetTimestamp();
        _due = timeout;
        _timer = clock.CreateTimer(static state => ((CallDeadline)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When that is, by the wall clock at the beginning.</summary>
    public DateTimeOffset Time { get; }

    public void Start() => Arm();

    /// <summary>Acts once more, later.</summary>
    public void Extend(TimeSpan grace)
    {
        _due = _clock.GetElapsedTime(_startedAt) + grace;
        Arm();
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Also waits until it no longer acts.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void OnTimer()
    {
        if (_clock.GetElapsedTime(_startedAt) >= _due)
        {
            _passed();
        }
        else
        {
            Arm();
        }
    }

    private void Arm()
    {
        TimeSpan left = _due - _clock.GetElapsedTime(_startedAt);
        _timer.Change(
            left <= TimeSpan.Zero ? TimeSpan.Zero : left > LongestTimer ? LongestTimer : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)),
            Timeout.InfiniteTimeSpan);
    }
}
