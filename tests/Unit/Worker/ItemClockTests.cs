using Cluster.TestKit.Time;
using Cluster.Worker.Running;
using Xunit;

namespace Cluster.Unit.Worker;

public sealed class ItemClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly ItemClock _clock;

    public ItemClockTests() => _clock = new ItemClock(Second, _time);

    [Fact]
    public void The_token_of_an_item_is_cancelled_when_its_time_is_up()
    {
        var token = _clock.Begin(1, 0);
        _time.Advance(Second - TimeSpan.FromTicks(10));
        _clock.Tick();
        Assert.False(token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromTicks(10));
        _clock.Tick();
        Assert.True(token.IsCancellationRequested);
        Assert.Equal(Second, _clock.End());
    }

    [Fact]
    public void Each_item_has_its_own_time_and_token()
    {
        var first = _clock.Begin(1, 0);
        _time.Advance(Second * 0.9);
        _clock.End();
        _time.Advance(Second);
        _clock.Tick();
        var second = _clock.Begin(2, 0);
        _time.Advance(Second * 0.9);
        _clock.Tick();
        Assert.False(first.IsCancellationRequested);
        Assert.False(second.IsCancellationRequested);
    }

    [Fact]
    public void An_item_is_reported_once_if_it_is_still_there_at_the_second_look()
    {
        _clock.Begin(1, 0);
        Assert.Null(_clock.TakeReport());
        _clock.End();
        _clock.Begin(2, 1);
        Assert.Null(_clock.TakeReport());
        Assert.False(_clock.IsReported);
        _time.Advance(Second);

        var report = _clock.TakeReport();
        Assert.Equal((2ul, 1u, Second), (report!.Index, report.Tries, report.Running.ToTimeSpan()));
        Assert.True(_clock.IsReported);
        Assert.Null(_clock.TakeReport());
        _clock.End();
        Assert.True(_clock.IsReported);
        _clock.Begin(3, 0);
        Assert.False(_clock.IsReported);
    }

    [Fact]
    public void The_wait_for_the_next_attempt_is_reported_as_such()
    {
        _clock.Begin(1, 0);
        _clock.End();
        _clock.Wait(Second * 5);
        Assert.Null(_clock.TakeReport());
        _time.Advance(Second);
        var report = _clock.TakeReport();
        Assert.Equal((1ul, 1u, Second * 4), (report!.Index, report.Tries, report.Waiting.ToTimeSpan()));
        Assert.Null(report.Running);

        _clock.Begin(1, 1);
        Assert.Null(_clock.TakeReport());
        Assert.NotNull(_clock.TakeReport()!.Running);
    }
}
