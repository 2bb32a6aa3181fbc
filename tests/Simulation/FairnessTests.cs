using Xunit;

namespace Cluster.Simulation;

/// <summary>Slot time that owners get while both have more work than there are slots.</summary>
public sealed class FairnessTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1e-5, 1e-5, 0, 1.0)] // alike
    [InlineData(1e-5, 0.5, 0, 1.0)] // tiny against long items
    [InlineData(0.5, 1e-5, 0, 1.0)]
    [InlineData(2e-3, 3.0, 0, 1.0)]
    [InlineData(1e-4, 1e-3, 2, 4.0)] // two steps of priority
    [InlineData(0.02, 0.7, -1, 0.5)]
    public void Owners_get_their_shares(double firstSeconds, double secondSeconds, int priority, double expected)
    {
        FairnessRun run = new(nodes: 10, slots: 4, prefetch: 4);
        run.Add(owner: 1, firstSeconds, priority);
        run.Add(owner: 2, secondSeconds, priority: 0);
        run.For(Duration);

        Assert.InRange(run.SlotSeconds(1) / run.SlotSeconds(2), expected * 0.85, expected * 1.15);
        Assert.InRange(run.SlotSeconds(1) + run.SlotSeconds(2), 0.9 * 40 * Duration.TotalSeconds, 40 * Duration.TotalSeconds);
    }

    [Fact]
    public void Items_that_never_end_do_not_take_slot_after_slot()
    {
        FairnessRun run = new(nodes: 10, slots: 4, prefetch: 4);
        run.Add(owner: 1, 1e-5, priority: 0);
        run.Add(owner: 2, 1e6, priority: 0);
        run.For(Duration);

        // Slots given away in the first milliseconds, before anything is known about the items, do not come back: roughly half is what there is.
        Assert.InRange(run.SlotSeconds(1) / run.SlotSeconds(2), 0.4, 2.5);
    }

    [Fact]
    public void An_owner_with_many_jobs_gets_no_more_than_one_with_one_job()
    {
        FairnessRun run = new(nodes: 5, slots: 4, prefetch: 2);
        for (int i = 0; i < 20; i++)
        {
            run.Add(owner: 1, 0.001, priority: 0);
        }

        run.Add(owner: 2, 0.001, priority: 0);
        run.For(Duration);

        Assert.InRange(run.SlotSeconds(1) / run.SlotSeconds(2), 0.9, 1.1);
    }

    [Fact]
    public void A_latecomer_gets_its_share_at_once_and_nothing_for_the_past()
    {
        FairnessRun run = new(nodes: 5, slots: 4, prefetch: 2);
        run.Add(owner: 1, 0.001, priority: 0);
        run.For(Duration);
        double before = run.SlotSeconds(1);
        run.Add(owner: 2, 0.001, priority: 0);
        run.For(Duration);

        Assert.InRange((run.SlotSeconds(1) - before) / run.SlotSeconds(2), 0.9, 1.1);
    }
}
