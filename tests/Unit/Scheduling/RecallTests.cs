using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Chunks that wait behind long ones are called back for slots that are idle elsewhere.</summary>
public sealed class RecallTests
{
    private static readonly JobId Short = SchedulerHarness.Job(2);

    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_chunk_behind_hour_long_items_goes_to_the_slot_that_becomes_idle()
    {
        (List<SchedulerCommand> stuck, List<SchedulerCommand> elsewhere) = Crowd(ahead: 1);
        FinishShort(elsewhere[0]);
        SchedulerCommand recall = Assert.Single(_harness.Take());
        Assert.Equal((CommandKind.CancelChunk, CancelMode.UnlessBegun, stuck[0].Chunk, new NodeId(1)), (recall.Kind, recall.Mode, recall.Chunk, recall.Node));

        _harness.End(stuck[0], ChunkOutcome.Cancelled);
        SchedulerCommand again = _harness.TakeOneDispatched();
        Assert.Equal((stuck[0].Items, 1U, new NodeId(2)), (again.Items, again.Attempt, again.Node));
    }

    [Fact]
    public void The_youngest_comes_back_first_and_no_more_than_there_are_idle_slots()
    {
        (List<SchedulerCommand> stuck, List<SchedulerCommand> elsewhere) = Crowd(ahead: 3);
        FinishShort(elsewhere[0]);
        Assert.Equal(stuck[^1].Chunk, Assert.Single(_harness.Take()).Chunk);
        _harness.Scheduler.Tick();
        Assert.Empty(_harness.Take());

        FinishShort(elsewhere[1]);
        Assert.Equal(stuck[^2].Chunk, Assert.Single(_harness.Take()).Chunk);
        _harness.End(stuck[^1], ChunkOutcome.Cancelled);
        Assert.Equal(CommandKind.Dispatch, Assert.Single(_harness.Take()).Kind);
    }

    [Fact]
    public void The_node_with_the_highest_load_gives_first()
    {
        (List<SchedulerCommand> stuck, List<SchedulerCommand> elsewhere) = Crowd(ahead: 1, crowded: 2);
        Assert.Equal([1U, 2U, 2U], stuck.Select(c => c.Node.Value).Order());
        FinishShort(elsewhere[0]);
        Assert.Equal(new NodeId(2), Assert.Single(_harness.Take()).Node);
    }

    [Fact]
    public void A_chunk_that_went_out_a_moment_ago_is_left_alone_for_that_moment()
    {
        (List<SchedulerCommand> stuck, List<SchedulerCommand> elsewhere) = Crowd(ahead: 1, age: 0.001);
        FinishShort(elsewhere[0]);
        Assert.Empty(_harness.Take());
        _harness.Time.Advance(TimeSpan.FromMilliseconds(1.1));
        _harness.Scheduler.Tick();
        Assert.Equal(stuck[0].Chunk, Assert.Single(_harness.Take()).Chunk);
    }

    [Fact]
    public void A_chunk_that_its_node_has_a_slot_for_is_left_alone_however_long_that_takes()
    {
        _harness.Attach(1, slots: 2, prefetch: 2);
        _harness.Attach(2, slots: 2, prefetch: 2);
        _harness.Run(2);
        Assert.Equal(2, _harness.TakeDispatched().Count);
        _harness.Time.Advance(TimeSpan.FromMinutes(1));
        _harness.Scheduler.Tick();
        Assert.Empty(_harness.Take());
    }

    [Fact]
    public void When_a_recall_comes_too_late_another_chunk_is_called_back()
    {
        (List<SchedulerCommand> stuck, List<SchedulerCommand> elsewhere) = Crowd(ahead: 2);
        FinishShort(elsewhere[0]);
        Assert.Equal(stuck[1].Chunk, Assert.Single(_harness.Take()).Chunk);
        _harness.Start(stuck[1]);
        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal([CommandKind.ItemsStarted, CommandKind.CancelChunk], commands.Select(c => c.Kind));
        Assert.Equal(stuck[0].Chunk, commands[1].Chunk);
    }

    [Fact]
    public void A_node_that_may_not_run_the_chunk_does_not_help()
    {
        JobTerms terms = new() { Owner = 2, ChunkSize = 1, Requires = new Dictionary<string, string> { ["disk"] = "ssd" } };
        (_, List<SchedulerCommand> elsewhere) = Crowd(ahead: 1, terms: terms);
        _harness.Attach(9, slots: 8);
        Assert.Empty(_harness.Take());
        FinishShort(elsewhere[0]);
        Assert.Equal(CommandKind.CancelChunk, Assert.Single(_harness.Take()).Kind);
    }

    [Fact]
    public void A_node_that_is_barred_from_the_job_does_not_help()
    {
        (_, List<SchedulerCommand> elsewhere) = Crowd(ahead: 1);
        _harness.End(elsewhere[0], ChunkOutcome.CodeUnavailable);
        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        _harness.Scheduler.Tick();
        Assert.Empty(_harness.Take());
        _harness.Attach(9, slots: 2);
        Assert.Equal([CommandKind.Dispatch, CommandKind.CancelChunk], _harness.Take().Select(c => c.Kind));
    }

    [Fact]
    public void A_node_that_is_silent_neither_helps_nor_is_asked()
    {
        (_, List<SchedulerCommand> elsewhere) = Crowd(ahead: 1);
        _harness.Scheduler.NodeSuspected(new NodeId(2));
        FinishShort(elsewhere[0]);
        Assert.Empty(_harness.Take());
        _harness.Scheduler.NodeSuspected(new NodeId(1));
        _harness.Scheduler.NodeTrusted(new NodeId(2));
        Assert.Empty(_harness.Take());
        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        _harness.Scheduler.NodeTrusted(new NodeId(1));
        Assert.Equal(CommandKind.CancelChunk, Assert.Single(_harness.Take()).Kind);
    }

    [Fact]
    public void A_job_whose_reader_is_slow_is_left_alone()
    {
        (_, List<SchedulerCommand> elsewhere) = Crowd(ahead: 1);
        _harness.Scheduler.OutputBlocked(Short);
        FinishShort(elsewhere[0]);
        Assert.Empty(_harness.Take());
        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        _harness.Scheduler.OutputUnblocked(Short);
        Assert.Equal(CommandKind.CancelChunk, Assert.Single(_harness.Take()).Kind);
    }

    [Fact]
    public void Items_that_are_pending_come_before_those_that_wait_on_a_node()
    {
        (_, List<SchedulerCommand> elsewhere) = Crowd(ahead: 1);
        _harness.Run(5, new JobTerms { Owner = 3, ChunkSize = 1 }, number: 3);
        FinishShort(elsewhere[0]);
        Assert.Equal(CommandKind.Dispatch, Assert.Single(_harness.Take()).Kind);
    }

    [Fact]
    public void What_comes_back_does_not_wait_for_its_chunk_to_be_full()
    {
        _harness.Attach(1, prefetch: 1);
        _harness.Scheduler.JobOpened(Short, new JobTerms { ChunkSize = 3 });
        _harness.Add(Short, 0, 3);
        SchedulerCommand first = _harness.TakeOneDispatched();
        _harness.Succeed(first, 0.001);
        _harness.Add(Short, 3, 2);
        SchedulerCommand partial = _harness.TakeOneDispatched();
        Assert.Equal(new ItemRange(3, 2), partial.Items);
        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        _harness.Attach(2, slots: 2);
        Assert.Equal(partial.Chunk, Assert.Single(_harness.Take(CommandKind.CancelChunk)).Chunk);
        _harness.Add(Short, 5, 4);
        Assert.Equal(new ItemRange(5, 3), _harness.TakeOneDispatched().Items);
        _harness.End(partial, ChunkOutcome.Cancelled);
        Assert.Equal(new ItemRange(3, 2), _harness.TakeOneDispatched().Items);
    }

    [Fact]
    public void The_end_of_a_job_ends_its_recalls()
    {
        (List<SchedulerCommand> stuck, List<SchedulerCommand> elsewhere) = Crowd(ahead: 1);
        FinishShort(elsewhere[0]);
        _harness.Take();
        _harness.Scheduler.JobCancelled(Short);
        Assert.All(_harness.Take(CommandKind.CancelChunk), c => Assert.Equal(CancelMode.Force, c.Mode));
        _harness.End(stuck[0], ChunkOutcome.Cancelled);
        _harness.End(elsewhere[1], ChunkOutcome.Cancelled);
        SchedulerCommand released = Assert.Single(_harness.Take());
        Assert.Equal((CommandKind.JobReleased, Short), (released.Kind, released.Job));
    }

    /// <summary>
    /// Fills the slots of some nodes with endless items, and with short ones the places behind them, one more on each node, and the two slots of a last node.
    /// </summary>
    private (List<SchedulerCommand> Stuck, List<SchedulerCommand> Elsewhere) Crowd(int ahead, int crowded = 1, double age = 1, JobTerms? terms = null)
    {
        ulong items = 2;
        for (int i = 0; i < crowded; i++)
        {
            _harness.Attach((uint)i + 1, slots: 2, prefetch: ahead + i, labels: ("disk", "ssd"));
            items += (ulong)(ahead + i);
        }

        _harness.Run((ulong)(2 * crowded), new JobTerms { Owner = 1, ChunkSize = 1 });
        _harness.TakeDispatched().ForEach(_harness.Start);
        NodeId last = _harness.Attach((uint)crowded + 1, slots: 2, labels: ("disk", "ssd"));
        _harness.Scheduler.JobOpened(Short, terms ?? new JobTerms { Owner = 2, ChunkSize = 1 });
        _harness.Add(Short, 0, 1);
        _harness.Finish(_harness.TakeOneDispatched(), 0.001);
        _harness.Add(Short, 1, items);
        List<SchedulerCommand> chunks = _harness.TakeDispatched();
        Assert.Equal(items, (ulong)chunks.Count);
        List<SchedulerCommand> elsewhere = chunks.FindAll(c => c.Node == last);
        elsewhere.ForEach(_harness.Start);
        _harness.Take();
        _harness.Time.Advance(TimeSpan.FromSeconds(age));
        return (chunks.FindAll(c => c.Node != last), elsewhere);
    }

    private void FinishShort(SchedulerCommand chunk)
    {
        _harness.Succeed(chunk, 0.001);
        _harness.End(chunk);
    }
}
