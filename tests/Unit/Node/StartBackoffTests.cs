using Cluster.Node.Workers.Processes;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class StartBackoffTests
{
    [Fact]
    public void Deaths_at_the_start_slow_down_up_to_a_cap_until_hope_is_lost()
    {
        var backoff = new StartBackoff();
        Assert.Equal(TimeSpan.Zero, backoff.Delay);
        var last = TimeSpan.Zero;
        for (var failures = 1; failures <= StartBackoff.GiveUpAfter; failures++)
        {
            Assert.False(backoff.IsHopeless);
            backoff.DiedAtStart();
            Assert.InRange(backoff.Delay, last, TimeSpan.FromSeconds(5));
            last = backoff.Delay;
        }

        Assert.True(backoff.IsHopeless);
        Assert.Equal(TimeSpan.FromSeconds(5), last);
    }

    [Fact]
    public void A_worker_that_comes_up_clears_the_record()
    {
        var backoff = new StartBackoff();
        backoff.DiedAtStart();
        backoff.Ready();
        Assert.Equal(TimeSpan.Zero, backoff.Delay);
    }
}
