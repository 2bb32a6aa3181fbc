using Cluster.Cli.Output;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class ProgressTextTests
{
    [Theory]
    [InlineData(0, null, null, "0 items")]
    [InlineData(1200, null, 0.25, "1,200 items, 0.25/s")]
    [InlineData(30, 60L, 2.5, "[###############...............]  50% 30/60, 2.5/s, 0:12 left")]
    [InlineData(60, 60L, 60.0, "[##############################] 100% 60/60, 60/s")]
    [InlineData(0, 0L, 0.0, "[##############################] 100% 0/0, 0/s")]
    [InlineData(0, 7L, 0.0, "[..............................]   0% 0/7, 0/s")]
    public void What_is_known_is_told(long done, long? total, double? rate, string text) => Assert.Equal(text, ProgressText.Of(done, 0, total, rate, null));

    [Fact]
    public void Failures_and_reasons_come_last() => Assert.Equal("3 items, 1/s, 2 failed - no node", ProgressText.Of(3, 2, null, 1, "no node"));

    [Theory]
    [InlineData(9, "0:09")]
    [InlineData(75, "1:15")]
    [InlineData(3_725, "1:02:05")]
    [InlineData(172_900, "2 days")]
    [InlineData(1e9, "11,574 days")]
    public void Times_are_short(double seconds, string text) => Assert.Equal(text, ProgressText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_rate_that_is_next_to_nothing_says_nothing_of_the_end() => Assert.Null(ProgressText.Left(1, 1_000_000, 1e-300));
}
