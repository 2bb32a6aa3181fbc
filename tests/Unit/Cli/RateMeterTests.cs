using Cluster.Cli.Output;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class RateMeterTests
{
    private readonly RateMeter _rates = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void One_look_tells_no_rate_and_the_second_does()
    {
        Assert.Null(Add(5, at: 0));
        Assert.Equal(10, Add(25, at: 2));
        Assert.Null(_rates.Add("another", 1, TimeSpan.Zero));
    }

    [Fact]
    public void What_was_longer_ago_does_not_count()
    {
        for (var second = 0; second <= 20; second++)
        {
            Add(100 * second, second);
        }

        // It stands still from here on.
        for (var second = 21; second < 30; second++)
        {
            Assert.True(Add(2000, second) > 0);
        }

        Assert.Equal(0, Add(2000, 30));
    }

    [Fact]
    public void The_last_two_looks_count_however_long_ago()
    {
        Add(0, at: 0);
        Assert.Equal(1, Add(60, at: 60));
        Assert.Equal(2, Add(180, at: 120));
    }

    [Fact]
    public void A_count_that_shrinks_begins_anew()
    {
        Add(100, at: 0);
        Assert.Null(Add(3, at: 1));
        Assert.Equal(2, Add(5, at: 2));
    }

    [Fact]
    public void What_is_gone_is_forgotten()
    {
        Add(100, at: 0);
        _rates.Keep(new HashSet<string>());
        Assert.Null(Add(200, at: 1));
    }

    private double? Add(double count, double at) => _rates.Add("job", count, TimeSpan.FromSeconds(at));
}
