using Cluster.Client.Jobs;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Client.Resume;

public sealed class OutageTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void It_lasts_from_the_break_and_not_from_the_beginning()
    {
        var outage = Begin();
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.True(outage.EndRun(answered: 0));
        Assert.False(outage.IsOver);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((TimeSpan.FromSeconds(1), false), (outage.Left, outage.IsOver));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(outage.IsOver);
    }

    [Fact]
    public void The_first_break_begins_it_however_soon_it_comes()
    {
        var outage = Begin();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(outage.EndRun(answered: 0));
        Assert.Equal(TimeSpan.Zero, outage.Lasted);
    }

    [Fact]
    public void A_run_that_got_nowhere_does_not_interrupt_it()
    {
        var outage = Begin();
        Assert.True(outage.EndRun(answered: 5));
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(6));
            outage.Try();
            outage.BeginRun(answered: 5);
            Assert.False(outage.EndRun(answered: 5));
        }

        Assert.Equal((10, true), (outage.Attempts, outage.IsOver));
    }

    [Fact]
    public void A_run_in_which_something_was_answered_does()
    {
        var outage = Begin();
        Assert.True(outage.EndRun(answered: 5));
        _time.Advance(TimeSpan.FromSeconds(59));
        outage.Try();
        outage.BeginRun(answered: 5);
        Assert.True(outage.EndRun(answered: 6));
        Assert.Equal((0, TimeSpan.Zero), (outage.Attempts, outage.Lasted));
    }

    [Fact]
    public void A_run_that_held_for_a_while_does_too_since_items_may_take_hours()
    {
        var outage = Begin();
        Assert.True(outage.EndRun(answered: 5));
        _time.Advance(TimeSpan.FromSeconds(30));
        outage.Try();
        outage.BeginRun(answered: 5);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(outage.EndRun(answered: 5));
        Assert.Equal((0, TimeSpan.Zero), (outage.Attempts, outage.Lasted));
    }

    [Fact]
    public void Without_patience_it_is_over_at_once() => Assert.True(new JobOutage(_time, TimeSpan.Zero).IsOver);

    private JobOutage Begin()
    {
        var outage = new JobOutage(_time, TimeSpan.FromSeconds(60));
        outage.Try();
        outage.BeginRun(answered: 0);
        return outage;
    }
}
