using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Workers and nodes that die with items in their hands.</summary>
public sealed class LossTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void Unfinished_items_of_a_lost_worker_run_alone_and_first()
    {
        _harness.Attach();
        _harness.Run(100, new JobTerms { ChunkSize = 5 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Succeed(chunk, items: new ItemRange(0, 3));
        _harness.End(chunk, ChunkOutcome.WorkerLost);

        List<SchedulerCommand> next = _harness.FinishAll(0.001, atMost: 3);
        Assert.Equal([new ItemRange(3, 1), new ItemRange(4, 1), new ItemRange(5, 5)], next.Select(c => c.Items));
        Assert.Equal([2U, 2U, 1U], next.Select(c => c.Attempt));
    }

    [Fact]
    public void An_item_that_kills_three_workers_alone_fails_and_only_that_item()
    {
        _harness.Attach();
        JobId job = _harness.Run(3, new JobTerms { ChunkSize = 3 });
        _harness.End(_harness.TakeOneDispatched(), ChunkOutcome.WorkerLost);
        List<SchedulerCommand> failed = [];
        for (int guard = 0; guard < 20; guard++)
        {
            List<SchedulerCommand> commands = _harness.Take();
            failed.AddRange(commands.FindAll(c => c.Kind == CommandKind.FailItem));
            if (commands.Exists(c => c.Kind == CommandKind.JobEnded))
            {
                break;
            }

            SchedulerCommand chunk = Assert.Single(commands, c => c.Kind == CommandKind.Dispatch);
            if (chunk.Items.First == 1)
            {
                _harness.End(chunk, ChunkOutcome.WorkerLost);
            }
            else
            {
                _harness.Finish(chunk);
            }
        }

        SchedulerCommand failure = Assert.Single(failed);
        Assert.Equal((new ItemRange(1, 1), FailureReason.WorkerLost, 4U), (failure.Items, failure.Failure, failure.Attempt));
        Assert.Null(_harness.Scheduler.GetJob(job));
    }

    [Fact]
    public void An_item_whose_worker_had_others_too_is_not_charged_and_runs_by_itself()
    {
        _harness.Attach(slots: 2);
        _harness.Run(2, new JobTerms { ChunkSize = 1 });
        List<SchedulerCommand> together = _harness.TakeDispatched();
        Assert.All(together, chunk => Assert.False(chunk.Alone));
        together.ForEach(chunk => _harness.End(chunk, ChunkOutcome.SharedWorkerLost));
        List<SchedulerCommand> again = _harness.TakeDispatched();
        Assert.All(again, chunk => Assert.True(chunk.Alone));

        // Two more deaths are within the budget of three: the first was nobody's.
        for (int i = 0; i < 2; i++)
        {
            again.ForEach(chunk => _harness.End(chunk, ChunkOutcome.WorkerLost));
            again = _harness.TakeDispatched();
            Assert.Equal(2, again.Count);
        }

        _harness.End(again[0], ChunkOutcome.WorkerLost);
        Assert.Equal(FailureReason.WorkerLost, Assert.Single(_harness.Take(CommandKind.FailItem)).Failure);
    }

    [Fact]
    public void A_node_that_never_gives_an_item_a_worker_of_its_own_does_not_run_it_for_ever()
    {
        _harness.Attach();
        _harness.Run(1);
        for (int i = 0; i < 4; i++)
        {
            _harness.End(_harness.TakeOneDispatched(), ChunkOutcome.SharedWorkerLost);
        }

        Assert.Single(_harness.Take(CommandKind.FailItem));
    }

    [Fact]
    public void An_item_that_takes_too_much_memory_alone_twice_fails_and_only_that_item()
    {
        _harness.Attach();
        JobId job = _harness.Run(3, new JobTerms { ChunkSize = 3 });
        _harness.End(_harness.TakeOneDispatched(), ChunkOutcome.OutOfMemory);
        List<SchedulerCommand> failed = [];
        for (int guard = 0; guard < 20 && _harness.Scheduler.GetJob(job) is not null; guard++)
        {
            List<SchedulerCommand> commands = _harness.Take();
            failed.AddRange(commands.FindAll(c => c.Kind == CommandKind.FailItem));
            foreach (SchedulerCommand chunk in commands.FindAll(c => c.Kind == CommandKind.Dispatch))
            {
                if (chunk.Items.First == 1)
                {
                    _harness.End(chunk, ChunkOutcome.OutOfMemory);
                }
                else
                {
                    _harness.Finish(chunk);
                }
            }
        }

        failed.AddRange(_harness.Take(CommandKind.FailItem));
        SchedulerCommand failure = Assert.Single(failed);
        Assert.Equal((new ItemRange(1, 1), FailureReason.OutOfMemory, 3U), (failure.Items, failure.Failure, failure.Attempt));
        Assert.Null(_harness.Scheduler.GetJob(job));
    }

    [Fact]
    public void A_chunk_that_is_done_without_its_answers_is_charged_like_a_loss()
    {
        _harness.Attach();
        _harness.Run(1);
        for (int i = 0; i < 3; i++)
        {
            _harness.End(_harness.TakeOneDispatched());
        }

        Assert.Equal([CommandKind.FailItem, CommandKind.JobEnded, CommandKind.JobReleased], _harness.Take().Select(c => c.Kind));
    }

    [Fact]
    public void Items_that_had_not_begun_on_a_lost_node_go_elsewhere_together_and_uncharged()
    {
        NodeId lost = _harness.Attach(1);
        _harness.Run(5, new JobTerms { ChunkSize = 5 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        for (uint next = 2; next < 8; next++)
        {
            NodeId other = _harness.Attach(next);
            _harness.Scheduler.NodeLost(lost);
            chunk = _harness.TakeOneDispatched();
            Assert.Equal((other, new ItemRange(0, 5), next), (chunk.Node, chunk.Items, chunk.Attempt));
            lost = other;
        }
    }

    [Fact]
    public void Items_that_had_begun_on_a_lost_node_run_alone_afterwards()
    {
        NodeId lost = _harness.Attach(1);
        _harness.Run(4, new JobTerms { ChunkSize = 3 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Succeed(chunk, items: new ItemRange(0, 1));
        _harness.Scheduler.NodeLost(lost);
        _harness.Take();

        _harness.Attach(2);
        List<SchedulerCommand> next = _harness.FinishAll(0.001);
        Assert.Equal([new ItemRange(1, 1), new ItemRange(2, 1), new ItemRange(3, 1)], next.Select(c => c.Items));
        Assert.Equal([2U, 2U, 1U], next.Select(c => c.Attempt));
    }

    [Fact]
    public void An_item_that_takes_five_nodes_down_fails_and_its_neighbour_does_not()
    {
        _harness.Run(2, new JobTerms { ChunkSize = 2 });
        uint node = 0;
        List<SchedulerCommand> failures = [];
        while (failures.Count == 0)
        {
            NodeId id = _harness.Attach(++node);
            SchedulerCommand chunk = _harness.TakeOneDispatched();
            Assert.Equal(0UL, chunk.Items.First);
            Assert.Equal(node, chunk.Attempt);
            _harness.Start(chunk);
            _harness.Scheduler.NodeLost(id);
            failures = _harness.Take(CommandKind.FailItem);
        }

        Assert.Equal((5U, new ItemRange(0, 1), FailureReason.NodesLost), (node, failures[0].Items, failures[0].Failure));
        Assert.Equal((5U, new NodeId(5)), (failures[0].Attempt, failures[0].Node));
        _harness.Attach(6);
        SchedulerCommand neighbour = _harness.TakeOneDispatched();
        Assert.Equal(new ItemRange(1, 1), neighbour.Items);
        _harness.Finish(neighbour);
        Assert.Equal(JobOutcome.Completed, _harness.Take(CommandKind.JobEnded)[0].Outcome);
    }

    [Fact]
    public void Workers_and_nodes_have_budgets_of_their_own()
    {
        _harness.Run(1);
        for (uint node = 1; node < 5; node++)
        {
            NodeId id = _harness.Attach(node);
            _harness.Start(_harness.TakeOneDispatched());
            _harness.Scheduler.NodeLost(id);
        }

        _harness.Attach(5);
        for (uint attempt = 5; attempt < 8; attempt++)
        {
            SchedulerCommand chunk = _harness.TakeOneDispatched();
            Assert.Equal(attempt, chunk.Attempt);
            _harness.End(chunk, ChunkOutcome.WorkerLost);
        }

        Assert.Equal(FailureReason.WorkerLost, Assert.Single(_harness.Take(CommandKind.FailItem)).Failure);
    }

    [Fact]
    public void Late_results_of_a_lost_node_are_refused()
    {
        NodeId lost = _harness.Attach(1);
        _harness.Run(2, new JobTerms { ChunkSize = 2 });
        SchedulerCommand stale = _harness.TakeOneDispatched();
        Assert.Equal([new ItemRange(0, 1)], _harness.Succeed(stale, items: new ItemRange(0, 1)));
        _harness.Scheduler.NodeLost(lost);
        _harness.Attach(2);
        SchedulerCommand again = _harness.TakeOneDispatched();
        Assert.Equal(new ItemRange(1, 1), again.Items);

        Assert.Empty(_harness.Succeed(stale));
        Assert.False(_harness.Scheduler.ItemFailed(stale.Chunk, 1));
        _harness.End(stale);
        Assert.Empty(_harness.Take());
        Assert.Equal([new ItemRange(1, 1)], _harness.Succeed(again));
    }

    [Fact]
    public void Repeated_results_are_accepted_once_and_partly()
    {
        _harness.Attach();
        _harness.Run(10, new JobTerms { ChunkSize = 10 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        Assert.Equal([new ItemRange(3, 2)], _harness.Succeed(chunk, items: new ItemRange(3, 2)));
        Assert.True(_harness.Scheduler.ItemFailed(chunk.Chunk, 7));
        Assert.False(_harness.Scheduler.ItemFailed(chunk.Chunk, 7));
        Assert.Equal([new ItemRange(0, 3), new ItemRange(5, 2), new ItemRange(8, 2)], _harness.Succeed(chunk));
        Assert.Empty(_harness.Succeed(chunk));
    }

    [Theory]
    [InlineData(nameof(ChunkOutcome.WorkerLost))]
    [InlineData(nameof(ChunkOutcome.OutOfMemory))]
    public void What_was_lost_with_a_worker_goes_to_another_node_that_has_room(string outcome)
    {
        _harness.Attach(1, slots: 2);
        _harness.Run(2, new JobTerms { ChunkSize = 2 });
        SchedulerCommand first = _harness.TakeOneDispatched();
        _harness.Attach(2, slots: 3);
        _harness.Run(1, number: 2);
        Assert.Equal(2U, _harness.TakeOneDispatched().Node.Value);
        _harness.Start(first);

        // The node that lost them is less loaded.
        _harness.End(first, Enum.Parse<ChunkOutcome>(outcome));
        Assert.Equal([2U, 2U], _harness.TakeDispatched().Select(c => c.Node.Value));
    }

    [Fact]
    public void What_was_lost_on_different_nodes_avoids_each_its_own()
    {
        _harness.Attach(1, slots: 2);
        _harness.Attach(2, slots: 2);
        JobId job = _harness.Run(2, new JobTerms { ChunkSize = 1 });
        List<SchedulerCommand> first = _harness.TakeDispatched();
        Assert.Equal(2, first.Count);
        first.ForEach(_harness.Start);
        _harness.Scheduler.OutputBlocked(job);
        first.ForEach(chunk => _harness.End(chunk, ChunkOutcome.WorkerLost));
        _harness.Take();
        _harness.Scheduler.OutputUnblocked(job);

        List<SchedulerCommand> second = _harness.TakeDispatched();
        Assert.Equal(first.Select(chunk => chunk.Items), second.Select(chunk => chunk.Items));
        Assert.Equal(first.Select(chunk => 3 - chunk.Node.Value), second.Select(chunk => chunk.Node.Value));
    }

    [Fact]
    public void What_was_lost_does_not_wait_behind_long_items_to_avoid_a_node()
    {
        _harness.Attach(1);
        _harness.Run(2, new JobTerms { ChunkSize = 1 });
        _harness.Finish(_harness.TakeOneDispatched(), secondsPerItem: 5);
        SchedulerCommand lost = _harness.TakeOneDispatched();
        _harness.Start(lost);
        _harness.Attach(2, prefetch: 1);
        _harness.Run(1, number: 2);
        Assert.Equal(2U, _harness.TakeOneDispatched().Node.Value);

        _harness.End(lost, ChunkOutcome.WorkerLost);
        Assert.Equal(1U, _harness.TakeOneDispatched().Node.Value);
    }

    [Fact]
    public void What_was_lost_with_a_worker_goes_to_the_same_node_where_no_other_has_room()
    {
        _harness.Attach(1);
        _harness.Run(1);
        SchedulerCommand first = _harness.TakeOneDispatched();
        _harness.Attach(2);
        _harness.Run(1, number: 2);
        _harness.Take();
        _harness.Start(first);
        _harness.End(first, ChunkOutcome.WorkerLost);

        Assert.Equal(1U, _harness.TakeOneDispatched().Node.Value);
    }

    [Fact]
    public void What_was_lost_with_a_node_does_not_go_there_again_when_it_is_back()
    {
        JobId job = _harness.Run(1);
        NodeId node = _harness.Attach(1, name: "a");
        _harness.Start(_harness.TakeOneDispatched());
        _harness.Scheduler.OutputBlocked(job);
        _harness.Scheduler.NodeLost(node);
        _harness.Attach(2, name: "a");
        _harness.Attach(3, name: "b");
        _harness.Scheduler.OutputUnblocked(job);

        Assert.Equal(3U, _harness.TakeOneDispatched().Node.Value);
    }
}
