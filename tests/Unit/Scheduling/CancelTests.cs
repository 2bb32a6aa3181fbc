using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Items and jobs that clients withdraw.</summary>
public sealed class CancelTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void Pending_items_are_cancelled_at_once()
    {
        JobId job = _harness.Run(10);
        _harness.Take();
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(2, 3), force: false);
        Assert.Equal(new ItemRange(2, 3), Assert.Single(_harness.Take()).Items);

        _harness.Attach();
        Assert.Equal([0UL, 1UL, 5UL, 6UL, 7UL, 8UL, 9UL], _harness.FinishAll(1).Select(c => c.Items.First));
    }

    [Fact]
    public void A_chunk_that_has_not_started_is_recalled_and_the_others_in_it_run_again()
    {
        _harness.Attach();
        JobId job = _harness.Run(3, new JobTerms { ChunkSize = 3 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(1, 1), force: false);
        Assert.Equal(CancelMode.UnlessBegun, Assert.Single(_harness.Take(CommandKind.CancelChunk)).Mode);

        _harness.End(chunk, ChunkOutcome.Cancelled);
        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal(new ItemRange(1, 1), Assert.Single(commands, c => c.Kind == CommandKind.CancelItems).Items);
        SchedulerCommand again = Assert.Single(commands, c => c.Kind == CommandKind.Dispatch);
        Assert.Equal((new ItemRange(0, 1), 1U), (again.Items, again.Attempt));
    }

    [Fact]
    public void A_running_item_that_finishes_in_spite_of_a_polite_cancel_counts()
    {
        _harness.Attach();
        JobId job = _harness.Run(1);
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(0, 1), force: false);
        SchedulerCommand cancel = _harness.Take()[^1];
        Assert.Equal((CommandKind.CancelChunk, CancelMode.Soft), (cancel.Kind, cancel.Mode));

        Assert.Equal([new ItemRange(0, 1)], _harness.Succeed(chunk));
        Assert.Equal(JobOutcome.Completed, Assert.Single(_harness.Take()).Outcome);
    }

    [Fact]
    public void A_running_item_that_obeys_a_polite_cancel_is_cancelled()
    {
        _harness.Attach();
        JobId job = _harness.Run(1);
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(0, 1), force: false);
        _harness.Take();
        _harness.End(chunk, ChunkOutcome.Cancelled);
        Assert.Equal([CommandKind.CancelItems, CommandKind.JobEnded, CommandKind.JobReleased], _harness.Take().Select(c => c.Kind));
    }

    [Fact]
    public void A_running_chunk_goes_on_for_the_innocent_and_is_asked_to_stop_when_only_the_withdrawn_are_left()
    {
        _harness.Attach();
        JobId job = _harness.Run(4, new JobTerms { ChunkSize = 4 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(2, 2), force: false);
        Assert.Empty(_harness.Take(CommandKind.CancelChunk));
        _harness.Succeed(chunk, items: new ItemRange(0, 1));
        Assert.Empty(_harness.Take());

        // A failure is an answer, too.
        Assert.True(_harness.Scheduler.ItemFailed(chunk.Chunk, 1));
        SchedulerCommand cancel = Assert.Single(_harness.Take());
        Assert.Equal((CommandKind.CancelChunk, CancelMode.Soft, chunk.Chunk), (cancel.Kind, cancel.Mode, cancel.Chunk));
        _harness.Succeed(chunk, items: new ItemRange(2, 1));
        Assert.Empty(_harness.Take());
        _harness.End(chunk, ChunkOutcome.Cancelled);
        List<SchedulerCommand> last = _harness.Take();
        Assert.Equal([CommandKind.CancelItems, CommandKind.JobEnded, CommandKind.JobReleased], last.Select(c => c.Kind));
        Assert.Equal(new ItemRange(3, 1), last[0].Items);
    }

    [Fact]
    public void A_chunk_that_had_begun_when_it_was_recalled_is_asked_to_stop_when_only_the_withdrawn_are_left()
    {
        _harness.Attach();
        JobId job = _harness.Run(2, new JobTerms { ChunkSize = 2 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(1, 1), force: false);
        Assert.Equal(CancelMode.UnlessBegun, Assert.Single(_harness.Take(CommandKind.CancelChunk)).Mode);

        // The recall and the start have crossed: the node says nothing about the recall.
        _harness.Start(chunk);
        Assert.Empty(_harness.Take(CommandKind.CancelChunk));
        _harness.Succeed(chunk, items: new ItemRange(0, 1));
        Assert.Equal(CancelMode.Soft, Assert.Single(_harness.Take()).Mode);
    }

    [Fact]
    public void A_worker_that_dies_after_a_recall_has_died_by_itself()
    {
        _harness.Attach();
        JobId job = _harness.Run(2, new JobTerms { ChunkSize = 2 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(1, 1), force: false);
        _harness.Start(chunk);
        _harness.Take();
        for (int i = 0; i < 4; i++)
        {
            _harness.End(chunk, ChunkOutcome.WorkerLost);
            chunk = _harness.Take().Find(c => c.Kind is CommandKind.Dispatch or CommandKind.FailItem);
        }

        Assert.Equal((CommandKind.FailItem, FailureReason.WorkerLost), (chunk.Kind, chunk.Failure));
    }

    [Fact]
    public void A_withdrawn_item_that_finished_before_its_worker_died_is_not_cancelled_again()
    {
        _harness.Attach();
        JobId job = _harness.Run(3, new JobTerms { ChunkSize = 3 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(0, 2), force: false);
        Assert.Equal([new ItemRange(0, 1)], _harness.Succeed(chunk, items: new ItemRange(0, 1)));
        _harness.Take();
        _harness.End(chunk, ChunkOutcome.WorkerLost);

        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal(new ItemRange(1, 1), Assert.Single(commands, c => c.Kind == CommandKind.CancelItems).Items);
        Assert.Equal(new ItemRange(2, 1), Assert.Single(commands, c => c.Kind == CommandKind.Dispatch).Items);
    }

    [Fact]
    public void Force_cancels_running_items_at_once_and_innocents_run_again_uncharged()
    {
        _harness.Attach();
        JobId job = _harness.Run(2, new JobTerms { ChunkSize = 2 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Take();
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(0, 1), force: true);
        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal([CommandKind.CancelItems, CommandKind.CancelChunk], commands.Select(c => c.Kind));
        Assert.Equal(CancelMode.Force, commands[1].Mode);

        Assert.Equal([new ItemRange(1, 1)], [.. _harness.Succeed(chunk, items: new ItemRange(1, 1))]);
        Assert.Empty(_harness.Succeed(chunk, items: new ItemRange(0, 1)));
    }

    [Theory]
    [InlineData(nameof(ChunkOutcome.WorkerLost))]
    [InlineData(nameof(ChunkOutcome.WorkerKilled))]
    [InlineData(nameof(ChunkOutcome.SharedWorkerLost))]
    [InlineData(nameof(ChunkOutcome.OutOfMemory))]
    public void A_worker_ended_on_request_is_not_charged(string outcome)
    {
        _harness.Attach();
        JobId job = _harness.Run(2, new JobTerms { ChunkSize = 2 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Scheduler.ItemsCancelled(job, new ItemRange(0, 1), force: true);
        _harness.Take();
        _harness.End(chunk, Enum.Parse<ChunkOutcome>(outcome));
        SchedulerCommand again = _harness.TakeOneDispatched();
        Assert.Equal((new ItemRange(1, 1), 2U, false), (again.Items, again.Attempt, again.Alone));
    }

    [Fact]
    public void A_cancelled_job_ends_at_once_and_its_slots_stay_taken_until_the_node_answers()
    {
        NodeId node = _harness.Attach(1, slots: 2);
        JobId job = _harness.Run(10);
        List<SchedulerCommand> chunks = _harness.TakeDispatched();
        _harness.Scheduler.JobCancelled(job);
        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal([CommandKind.CancelChunk, CommandKind.CancelChunk, CommandKind.JobEnded], commands.Select(c => c.Kind));
        Assert.Equal(JobOutcome.Cancelled, commands[2].Outcome);

        _harness.Run(5, number: 2);
        Assert.Empty(_harness.Take());
        Assert.Empty(_harness.Succeed(chunks[0]));
        _harness.End(chunks[0], ChunkOutcome.Cancelled);
        Assert.Equal(SchedulerHarness.Job(2), _harness.TakeOneDispatched().Job);
        _harness.Scheduler.NodeLost(node);
        Assert.Equal(job, Assert.Single(_harness.Take(CommandKind.JobReleased)).Job);
    }

    [Fact]
    public void The_first_failure_ends_a_job_that_stops_on_errors()
    {
        _harness.Attach(1, slots: 2);
        _harness.Run(10, new JobTerms { StopOnError = true });
        List<SchedulerCommand> chunks = _harness.TakeDispatched();
        Assert.True(_harness.Scheduler.ItemFailed(chunks[0].Chunk, 0));
        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal([CommandKind.CancelChunk, CommandKind.JobEnded], commands.Select(c => c.Kind));
        Assert.Equal((chunks[1].Chunk, JobOutcome.StoppedByFailure), (commands[0].Chunk, commands[1].Outcome));
        Assert.False(_harness.Scheduler.ItemFailed(chunks[1].Chunk, 1));
    }
}
