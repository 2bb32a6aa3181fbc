using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Stragglers that are run a second time.</summary>
public sealed class SpeculationTests
{
    private static readonly JobTerms Terms = new() { ChunkSize = 1, Speculate = true };

    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_straggler_runs_again_on_another_node_and_the_first_result_wins()
    {
        SchedulerCommand slow = LeaveOne(Terms);
        SchedulerCommand copy = Tick(0.2);

        Assert.Equal((slow.Items, 2U), (copy.Items, copy.Attempt));
        Assert.NotEqual(slow.Node, copy.Node);
        _harness.Start(copy);
        Assert.Equal([slow.Items], _harness.Succeed(copy));
        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal((slow.Chunk, CancelMode.Force), Only(commands, CommandKind.CancelChunk));
        Assert.Equal(JobOutcome.Completed, Assert.Single(commands, c => c.Kind == CommandKind.JobEnded).Outcome);

        Assert.Empty(_harness.Succeed(slow));
        _harness.End(copy);
        _harness.End(slow, ChunkOutcome.WorkerLost);
        Assert.Equal([CommandKind.JobReleased], _harness.Take().Select(c => c.Kind));
    }

    [Fact]
    public void The_original_may_win_too()
    {
        SchedulerCommand slow = LeaveOne(Terms);
        SchedulerCommand copy = Tick(0.2);
        _harness.Start(copy);
        _harness.Succeed(slow);

        Assert.Equal((copy.Chunk, CancelMode.Force), Only(_harness.Take(), CommandKind.CancelChunk));
        Assert.Empty(_harness.Succeed(copy));
        Assert.False(_harness.Scheduler.ItemFailed(copy.Chunk, copy.Items.First));
    }

    [Theory]
    [InlineData(false, 10, 0.001)] // nobody asked for it
    [InlineData(true, 0.09, 0.001)] // not worth it
    [InlineData(true, 1.9, 1)] // not so slow
    public void Nothing_runs_twice_without_need(bool speculate, double afterSeconds, double itemSeconds)
    {
        LeaveOne(Terms with { Speculate = speculate }, itemSeconds);
        _harness.Time.Advance(TimeSpan.FromSeconds(afterSeconds));
        _harness.Scheduler.Tick();

        Assert.Empty(_harness.TakeDispatched());
    }

    [Fact]
    public void No_slot_is_taken_from_what_waits()
    {
        LeaveOne(Terms);
        _harness.Run(100, new JobTerms { ChunkSize = 1 }, number: 2);
        Assert.All(_harness.TakeDispatched(), c => Assert.Equal(2UL, c.Job.Value));
        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        _harness.Scheduler.Tick();

        Assert.Empty(_harness.TakeDispatched());
    }

    [Fact]
    public void There_is_one_copy_at_most()
    {
        LeaveOne(Terms);
        SchedulerCommand copy = Tick(1);
        _harness.Start(copy);
        _harness.End(copy, ChunkOutcome.WorkerLost);
        _harness.Time.Advance(TimeSpan.FromSeconds(10));
        _harness.Scheduler.Tick();

        Assert.Empty(_harness.TakeDispatched());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_loss_of_one_copy_leaves_the_item_to_the_other(bool ofOriginal)
    {
        SchedulerCommand slow = LeaveOne(Terms);
        SchedulerCommand copy = Tick(1);
        _harness.Start(copy);
        (SchedulerCommand lost, SchedulerCommand left) = ofOriginal ? (slow, copy) : (copy, slow);
        _harness.Scheduler.NodeLost(lost.Node);
        Assert.Empty(_harness.Take(CommandKind.FailItem));
        Assert.Equal([slow.Items], _harness.Succeed(left));
        _harness.End(left);

        Assert.Equal([CommandKind.JobEnded, CommandKind.JobReleased], _harness.Take().Select(c => c.Kind));
    }

    [Fact]
    public void The_last_copy_that_dies_is_charged_and_the_item_runs_again()
    {
        SchedulerCommand slow = LeaveOne(Terms);
        SchedulerCommand copy = Tick(1);
        _harness.Start(copy);
        _harness.End(slow, ChunkOutcome.WorkerLost);
        Assert.Empty(_harness.TakeDispatched());
        _harness.End(copy, ChunkOutcome.WorkerLost);

        SchedulerCommand again = _harness.TakeOneDispatched();
        Assert.Equal((slow.Items, 3U), (again.Items, again.Attempt));
    }

    [Fact]
    public void A_withdrawn_item_is_cancelled_once()
    {
        SchedulerCommand slow = LeaveOne(Terms);
        SchedulerCommand copy = Tick(1);
        _harness.Scheduler.ItemsCancelled(SchedulerHarness.Job(), slow.Items, force: true);
        List<SchedulerCommand> commands = _harness.Take();

        Assert.Single(commands, c => c.Kind == CommandKind.CancelItems);
        Assert.Equal([slow.Chunk, copy.Chunk], commands.FindAll(c => c.Kind == CommandKind.CancelChunk).Select(c => c.Chunk).OrderBy(c => c.Value));
        Assert.Single(commands, c => c.Kind == CommandKind.JobEnded);
    }

    [Fact]
    public void What_a_silent_node_has_not_begun_runs_elsewhere_too()
    {
        NodeId silent = _harness.Attach(1, slots: 1, prefetch: 2);
        _harness.Run(8, Terms);
        _harness.FinishAll(0.001, atMost: 5);
        _harness.Attach(2, slots: 4);
        List<SchedulerCommand> copies = [];
        for (int i = 0; i < 20; i++)
        {
            _harness.Time.Advance(TimeSpan.FromSeconds(0.02));
            _harness.Scheduler.Tick();
            copies.AddRange(_harness.TakeDispatched());
        }

        // The first of the three is not behind others: it may run.
        Assert.Equal(2, copies.Count);
        Assert.All(copies, c => Assert.NotEqual(silent, c.Node));
    }

    [Fact]
    public void Copies_of_what_a_node_has_that_is_away_take_any_room()
    {
        NodeId away = _harness.Attach(1, slots: 1, prefetch: 0);
        _harness.Run(1, new JobTerms { ChunkSize = 1 });
        SchedulerCommand held = _harness.TakeOneDispatched();
        _harness.Attach(2, slots: 1, prefetch: 1);
        _harness.Run(1, new JobTerms { ChunkSize = 1 }, number: 2);
        _harness.Start(_harness.TakeOneDispatched());
        _harness.Scheduler.NodeDisconnected(away);

        Assert.Equal(held.Items, Tick(0.6).Items);
    }

    [Fact]
    public void What_a_node_has_that_is_away_has_copies_at_once_and_its_own_results_count_if_they_are_first()
    {
        NodeId away = _harness.Attach(1, slots: 2, prefetch: 0);
        _harness.Run(2, new JobTerms { ChunkSize = 1 });
        List<SchedulerCommand> held = _harness.TakeDispatched();
        _harness.Attach(2, slots: 2, prefetch: 0);
        _harness.Scheduler.NodeDisconnected(away);
        _harness.Time.Advance(TimeSpan.FromSeconds(0.4));
        _harness.Scheduler.Tick();
        Assert.Empty(_harness.TakeDispatched());
        _harness.Time.Advance(TimeSpan.FromSeconds(0.2));
        _harness.Scheduler.Tick();
        List<SchedulerCommand> copies = _harness.TakeDispatched();
        Assert.Equal(held.Select(c => c.Items).OrderBy(items => items.First), copies.Select(c => c.Items).OrderBy(items => items.First));
        _harness.Scheduler.Tick();
        Assert.Empty(_harness.TakeDispatched());

        _harness.Scheduler.NodeTrusted(away);
        Assert.Equal([held[0].Items], _harness.Succeed(held[0]));
        SchedulerCommand copy = copies.Single(c => c.Items == held[0].Items);
        Assert.Equal((copy.Chunk, CancelMode.Force), Only(_harness.Take(), CommandKind.CancelChunk));
        Assert.Empty(_harness.Succeed(copy));
    }

    [Fact]
    public void A_node_that_is_back_at_once_has_no_copies()
    {
        NodeId away = _harness.Attach(1, slots: 2, prefetch: 0);
        _harness.Run(2, new JobTerms { ChunkSize = 1 });
        _harness.TakeDispatched();
        _harness.Attach(2, slots: 2, prefetch: 0);
        _harness.Scheduler.NodeDisconnected(away);
        _harness.Time.Advance(TimeSpan.FromSeconds(0.4));
        _harness.Scheduler.NodeTrusted(away);
        _harness.Time.Advance(TimeSpan.FromSeconds(10));
        _harness.Scheduler.Tick();
        Assert.Empty(_harness.TakeDispatched());
    }

    /// <summary>A job on three nodes of which one item does not come back.</summary>
    private SchedulerCommand LeaveOne(JobTerms terms, double itemSeconds = 0.001)
    {
        for (uint node = 1; node <= 3; node++)
        {
            _harness.Attach(node);
        }

        _harness.Run(9, terms);
        List<SchedulerCommand> first = _harness.TakeDispatched();
        _harness.Start(first[0]);
        Queue<SchedulerCommand> open = new(first[1..]);
        while (open.TryDequeue(out SchedulerCommand next))
        {
            _harness.Finish(next, itemSeconds);
            _harness.TakeDispatched().ForEach(open.Enqueue);
        }

        return first[0];
    }

    private SchedulerCommand Tick(double seconds)
    {
        _harness.Time.Advance(TimeSpan.FromSeconds(seconds));
        _harness.Scheduler.Tick();
        return _harness.TakeOneDispatched();
    }

    private static (ChunkId Chunk, CancelMode Mode) Only(List<SchedulerCommand> commands, CommandKind kind)
    {
        SchedulerCommand command = Assert.Single(commands, c => c.Kind == kind);
        return (command.Chunk, command.Mode);
    }
}
