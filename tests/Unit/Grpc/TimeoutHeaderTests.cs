using FsCheck;
using FsCheck.Fluent;
using Grpc.Wire;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class TimeoutHeaderTests
{
    [Theory]
    [InlineData(0, "1n")]
    [InlineData(1, "1u")]
    [InlineData(10, "1u")]
    [InlineData(TimeSpan.TicksPerMillisecond, "1000u")]
    [InlineData(TimeSpan.TicksPerDay, "86400000m")]
    [InlineData(TimeSpan.TicksPerDay * 2, "172800S")]
    [InlineData(long.MaxValue, "99999999H")]
    public void The_finest_unit_that_fits_is_sent(long ticks, string expected)
    {
        Assert.Equal(expected, TimeoutHeader.Format(new TimeSpan(ticks)));
    }

    [Theory]
    [InlineData("1n", 1)]
    [InlineData("100n", 1)]
    [InlineData("101n", 2)]
    [InlineData("2u", 20)]
    [InlineData("3m", 3 * TimeSpan.TicksPerMillisecond)]
    [InlineData("4S", 4 * TimeSpan.TicksPerSecond)]
    [InlineData("5M", 5 * TimeSpan.TicksPerMinute)]
    [InlineData("99999999H", 99_999_999 * TimeSpan.TicksPerHour)]
    public void Every_unit_is_understood(string text, long ticks)
    {
        Assert.True(TimeoutHeader.TryParse(text, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5x")]
    [InlineData("-5S")]
    [InlineData("+5S")]
    [InlineData(" 5S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    public void What_is_no_timeout_is_refused(string? text) => Assert.False(TimeoutHeader.TryParse(text, out _));

    // A server that gives up before its caller would turn a slow success into a failure.
    [Fact]
    public void A_server_never_has_less_time_than_its_caller() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<DoNotSize<long>>().Select(ticks => Math.Abs(ticks.Item % 3_500_000_000_000_000_000)).ToArbitrary(),
        ticks => TimeoutHeader.TryParse(TimeoutHeader.Format(new TimeSpan(ticks)), out TimeSpan parsed)
            && parsed.Ticks >= ticks
            && parsed.Ticks - ticks <= Math.Max(10, ticks / 1000))
        .QuickCheckThrowOnFailure();
}
