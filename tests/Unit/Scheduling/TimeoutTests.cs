using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Items whose time was up and whose worker had to be ended.</summary>
public sealed class TimeoutTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void Only_the_item_fails_and_its_neighbours_go_back_uncharged_together()
    {
        _harness.Attach();
        _harness.Run(4, new JobTerms { ChunkSize = 4 });
        var chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Succeed(chunk, items: new ItemRange(0, 1));
        _harness.Scheduler.ItemTimedOut(chunk.Chunk, 1, tries: 1);
        _harness.End(chunk, ChunkOutcome.Cancelled);

        var commands = _harness.Take();
        var failed = Assert.Single(commands, command => command.Kind == CommandKind.FailItem);
        Assert.Equal((new ItemRange(1, 1), FailureReason.TimedOut), (failed.Items, failed.Failure));
        var again = Assert.Single(commands, command => command.Kind == CommandKind.Dispatch);
        Assert.Equal(new ItemRange(2, 2), again.Items);
        _harness.Finish(again);
        Assert.Equal(JobOutcome.Completed, Assert.Single(_harness.Take(CommandKind.JobEnded)).Outcome);
    }

    [Fact]
    public void An_item_with_attempts_left_goes_back_alone_and_brings_its_count_along()
    {
        _harness.Attach();
        _harness.Run(2, new JobTerms { ChunkSize = 2, MaxTimeouts = 3 });
        var chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Scheduler.ItemTimedOut(chunk.Chunk, 0, tries: 2);
        _harness.End(chunk, ChunkOutcome.Cancelled);

        var again = _harness.TakeOneDispatched();
        Assert.Equal((new ItemRange(0, 1), 2u, 2u), (again.Items, again.Attempt, again.Tries));
        _harness.Start(again);
        _harness.Scheduler.ItemTimedOut(again.Chunk, 0, tries: 3);
        Assert.Single(_harness.Take(CommandKind.FailItem));
    }

    [Fact]
    public void An_answer_that_came_first_counts()
    {
        _harness.Attach();
        _harness.Run(1);
        var chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Succeed(chunk);
        _harness.Scheduler.ItemTimedOut(chunk.Chunk, 0, tries: 1);
        _harness.End(chunk, ChunkOutcome.Cancelled);

        Assert.DoesNotContain(_harness.Take(), command => command.Kind is CommandKind.FailItem or CommandKind.Dispatch);
    }

    [Fact]
    public void A_timeout_ends_a_job_that_stops_at_its_first_failure()
    {
        _harness.Attach();
        _harness.Run(3, new JobTerms { ChunkSize = 3, StopOnError = true });
        var chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Scheduler.ItemTimedOut(chunk.Chunk, 0, tries: 1);

        Assert.Equal(JobOutcome.StoppedByFailure, Assert.Single(_harness.Take(CommandKind.JobEnded)).Outcome);
    }
}
