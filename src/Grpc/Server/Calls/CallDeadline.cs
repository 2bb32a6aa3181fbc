namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Acts when the time of a call is up.</summary>
internal sealed class CallDeadline : IAsyncDisposable
{
    // What a timer can take is about 49 days; a deadline can be further away.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly TimeProvider _clock;
    private readonly Action _passed;
    private readonly ITimer _timer;

    public CallDeadline(TimeProvider clock, TimeSpan timeout, Action passed)
    {
        _clock = clock;
        _passed = passed;
        DateTimeOffset now = clock.GetUtcNow();
        Time = timeout < DateTimeOffset.MaxValue - now ? now + timeout : DateTimeOffset.MaxValue;
        _timer = clock.CreateTimer(static state => ((CallDeadline)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        OnTimer();
    }

    public DateTimeOffset Time { get; }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void OnTimer()
    {
        TimeSpan left = Time - _clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            _passed();
        }
        else
        {
            _timer.Change(left > LongestTimer ? LongestTimer : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }
}
