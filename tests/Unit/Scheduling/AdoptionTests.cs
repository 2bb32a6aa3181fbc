using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Items that nodes bring along.</summary>
public sealed class AdoptionTests
{
    private static readonly JobTerms Terms = new() { ChunkSize = 1 };

    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void What_waits_is_left_to_the_node_that_has_it_before_it_gets_anything_else()
    {
        JobId job = _harness.Run(4, Terms);
        AttachWith(1, slots: 2, new HeldItem(job, 2), new HeldItem(job, 3));

        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal([Item(2), Item(3)], commands.Where(c => c.Kind == CommandKind.Adopt).Select(c => c.Items));
        Assert.DoesNotContain(commands, c => c.Kind == CommandKind.Dispatch);
    }

    [Fact]
    public void A_node_may_have_more_than_it_has_slots()
    {
        JobId job = _harness.Run(4, Terms);
        NodeId node = AttachWith(1, slots: 1, new HeldItem(job, 0), new HeldItem(job, 1), new HeldItem(job, 2));

        List<SchedulerCommand> adopted = _harness.Take(CommandKind.Adopt);
        Assert.Equal(3, adopted.Count);
        Assert.Equal(3, _harness.Scheduler.GetNode(node)!.Value.Chunks);

        // It gets the rest when it has a slot for it.
        _harness.Finish(adopted[0]);
        _harness.Finish(adopted[1]);
        Assert.Empty(_harness.TakeDispatched());
        _harness.Finish(adopted[2]);
        _harness.Finish(_harness.TakeOneDispatched());
        Assert.Equal(JobOutcome.Completed, Assert.Single(_harness.Take(CommandKind.JobEnded)).Outcome);
    }

    [Fact]
    public void A_job_that_is_opened_again_later_finds_its_items_where_they_are()
    {
        NodeId node = _harness.Attach(1, slots: 2);
        NodeId other = _harness.Attach(2, slots: 2);
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, Terms);
        _harness.Scheduler.ItemHeld(node, new HeldItem(job, 4));
        _harness.Scheduler.ItemHeld(other, new HeldItem(job, 2));
        _harness.Scheduler.InputsSkipped(job, new ItemRange(0, 2));

        _harness.Add(job, 2, 1);
        Assert.Equal((other, Item(2)), NodeAndItem(Assert.Single(_harness.Take())));
        _harness.Add(job, 3, 2);
        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal((node, Item(4)), NodeAndItem(Assert.Single(commands, c => c.Kind == CommandKind.Adopt)));
        Assert.Equal(Item(3), Assert.Single(commands, c => c.Kind == CommandKind.Dispatch).Items);
    }

    [Fact]
    public void What_another_node_has_begun_goes_on_in_both_and_the_first_answer_counts()
    {
        _harness.Attach(1);
        JobId job = _harness.Run(1, Terms);
        SchedulerCommand again = _harness.TakeOneDispatched();
        _harness.Start(again);

        NodeId late = AttachWith(2, slots: 1, new HeldItem(job, 0));
        SchedulerCommand held = Assert.Single(_harness.Take(CommandKind.Adopt));
        Assert.Equal((late, 2u), (held.Node, held.Attempt));
        _harness.Start(held);
        Assert.Equal([Item(0)], _harness.Succeed(held));
        Assert.Equal((again.Chunk, CancelMode.Force), Assert.Single(_harness.Take(CommandKind.CancelChunk)) is var cancel ? (cancel.Chunk, cancel.Mode) : default);
        Assert.Empty(_harness.Succeed(again));
    }

    [Fact]
    public void An_item_that_the_node_does_not_have_any_more_runs_elsewhere_uncharged()
    {
        JobId job = _harness.Run(1, Terms);
        AttachWith(1, slots: 1, new HeldItem(job, 0));
        SchedulerCommand held = Assert.Single(_harness.Take(CommandKind.Adopt));

        _harness.End(held, ChunkOutcome.Cancelled, 0);

        SchedulerCommand again = _harness.TakeOneDispatched();
        Assert.Equal((held.Items, 1u), (again.Items, again.Attempt));
    }

    [Fact]
    public void Items_that_have_their_answer_and_jobs_that_are_over_are_of_no_interest()
    {
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, Terms);
        _harness.Scheduler.InputsSkipped(job, new ItemRange(0, 1));
        AttachWith(1, slots: 1, new HeldItem(job, 0), new HeldItem(SchedulerHarness.Job(7), 0));

        Assert.Empty(_harness.Take());
    }

    [Fact]
    public void A_node_that_left_meanwhile_is_not_waited_for()
    {
        NodeId gone = _harness.Attach(1);
        _harness.Attach(2);
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, Terms);
        _harness.Scheduler.ItemHeld(gone, new HeldItem(job, 0));
        _harness.Scheduler.NodeLost(gone);

        _harness.Add(job, 0, 1);

        Assert.Equal(Item(0), Assert.Single(_harness.Take(), c => c.Kind == CommandKind.Dispatch).Items);
    }

    [Fact]
    public void A_pinned_item_stays_with_its_node()
    {
        NodeId node = _harness.Attach(1, name: "a");
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, new JobTerms { PinnedNodes = ["a"] });
        _harness.Scheduler.ItemHeld(node, new HeldItem(job, 0));

        _harness.Add(job, 0, 1);

        Assert.Equal((node, Item(0)), NodeAndItem(Assert.Single(_harness.Take())));
    }

    private NodeId AttachWith(uint number, int slots, params HeldItem[] held)
    {
        NodeId id = new(number);
        _harness.Scheduler.NodeAttached(id, new NodeTerms { Name = $"n{number}", Slots = slots, Prefetch = 0, Labels = new Dictionary<string, string>() }, held);
        return id;
    }

    private static ItemRange Item(ulong index) => new(index, 1);

    private static (NodeId Node, ItemRange Item) NodeAndItem(SchedulerCommand command)
    {
        Assert.Equal(CommandKind.Adopt, command.Kind);
        return (command.Node, command.Items);
    }
}
