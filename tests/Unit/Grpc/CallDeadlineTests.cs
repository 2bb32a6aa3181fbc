using Cluster.TestKit.Time;
using Grpc.Wire;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class CallDeadlineTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3_600)]
    [InlineData(100 * 86_400)]
    public async Task It_acts_when_its_time_has_come_however_far_away(int seconds)
    {
        var time = new ManualTime();
        int passed = 0;
        await using var deadline = new CallDeadline(time, TimeSpan.FromSeconds(seconds), () => passed++);
        Assert.Equal(time.GetUtcNow().AddSeconds(seconds), deadline.Time);
        deadline.Start();
        time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, passed);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, passed);
        deadline.Extend(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1, passed);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, passed);
    }

    [Fact]
    public async Task The_longest_timeout_that_can_be_sent_is_no_overflow()
    {
        var time = new ManualTime();
        await using var deadline = new CallDeadline(time, new TimeSpan(99_999_999 * TimeSpan.TicksPerHour), () => Assert.Fail("It is too early."));
        deadline.Start();
        Assert.Equal(DateTimeOffset.MaxValue, deadline.Time);
        time.Advance(TimeSpan.FromDays(1000));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(2)]
    public async Task A_clock_that_is_set_meanwhile_changes_nothing(int hours)
    {
        var time = new SetTime();
        int passed = 0;
        await using var deadline = new CallDeadline(time, TimeSpan.FromHours(1), () => passed++);
        deadline.Start();
        time.Offset = TimeSpan.FromHours(hours);
        time.Running.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, passed);
        time.Running.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, passed);
        deadline.Extend(TimeSpan.FromSeconds(5));
        time.Offset = default;
        time.Running.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, passed);
    }

    /// <summary>Runs evenly, and tells whatever time it was set to.</summary>
    private sealed class SetTime : TimeProvider
    {
        public ManualTime Running { get; } = new();

        public TimeSpan Offset { get; set; }

        public override long TimestampFrequency => Running.TimestampFrequency;

        public override long GetTimestamp() => Running.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => Running.GetUtcNow() + Offset;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Running.CreateTimer(callback, state, dueTime, period);
    }
}
