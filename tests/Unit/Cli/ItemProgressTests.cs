using Cluster.Cli.Output;
using Cluster.Unit.Cli.Fakes;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class ItemProgressTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public void A_known_total_gives_a_bar_and_the_time_that_is_left()
    {
        var progress = new ItemProgress(total: 100, _time);
        Add(progress, 25);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("[#######.......................]  25% 25/100, 5/s, 0:15 left", progress.Describe());
    }

    [Fact]
    public void An_unknown_total_gives_a_count()
    {
        var progress = new ItemProgress(total: null, _time);
        Add(progress, 3000);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("3,000 items, 1,500/s", progress.Describe());
    }

    [Fact]
    public void Failures_and_the_reason_of_a_wait_are_told()
    {
        var progress = new ItemProgress(total: 1, _time);
        progress.AddFailure();
        progress.WaitFor("no node is attached");
        Assert.EndsWith(" 1/1, 0/s, 1 failed - no node is attached", progress.Describe(), StringComparison.Ordinal);
    }

    private static void Add(ItemProgress progress, int count)
    {
        for (var i = 0; i < count; i++)
        {
            progress.AddResult();
        }
    }
}
