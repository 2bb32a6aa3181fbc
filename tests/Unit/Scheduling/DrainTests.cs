using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Nodes that are to leave.</summary>
public sealed class DrainTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_draining_node_gets_nothing_new_and_keeps_what_it_has()
    {
        NodeId node = _harness.Attach(1, slots: 2);
        _harness.Run(10, new JobTerms { ChunkSize = 1 });
        SchedulerCommand running = _harness.TakeDispatched()[0];
        _harness.Scheduler.NodeDraining(node);
        _harness.Finish(running);

        Assert.Empty(_harness.TakeDispatched());
        Assert.Equal((1, true), (_harness.Scheduler.GetNode(node)!.Value.Chunks, _harness.Scheduler.GetNode(node)!.Value.IsDraining));
        _harness.Attach(2);
        Assert.Equal(2U, _harness.TakeOneDispatched().Node.Value);
    }

    [Fact]
    public void Jobs_that_open_while_a_node_drains_do_not_go_there()
    {
        _harness.Scheduler.NodeDraining(_harness.Attach(1, labels: ("disk", "ssd")));
        JobId job = _harness.Run(1, new JobTerms { Requires = new Dictionary<string, string> { ["disk"] = "ssd" }, NoNodesTimeout = TimeSpan.FromSeconds(5) });

        Assert.Single(_harness.Take(CommandKind.JobWaiting));
        Assert.Contains("disk=ssd", _harness.Scheduler.GetJob(job)!.Value.WaitingFor, StringComparison.Ordinal);
        _harness.Time.Advance(TimeSpan.FromSeconds(5));
        _harness.Scheduler.Tick();
        Assert.Equal(JobOutcome.NoNodes, Assert.Single(_harness.Take(CommandKind.JobEnded)).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_leaving_node_had_begun_goes_elsewhere_uncharged(bool handsBack)
    {
        JobId job = _harness.Run(1);
        for (uint number = 1; number <= 20; number++)
        {
            NodeId node = _harness.Attach(number);
            SchedulerCommand chunk = _harness.TakeOneDispatched();
            Assert.Equal((number, number), (chunk.Node.Value, chunk.Attempt));
            _harness.Start(chunk);
            _harness.Scheduler.NodeDraining(node);
            if (handsBack)
            {
                _harness.End(chunk, ChunkOutcome.Cancelled);
            }

            _harness.Scheduler.NodeLeft(node);
        }

        _harness.Attach(21);
        _harness.Finish(_harness.TakeOneDispatched());
        Assert.Equal(JobOutcome.Completed, Assert.Single(_harness.Take(CommandKind.JobEnded)).Outcome);
        Assert.Null(_harness.Scheduler.GetJob(job));
    }

    [Fact]
    public void Items_that_are_pinned_to_a_leaving_node_wait_for_its_return()
    {
        NodeId node = _harness.Attach(1, name: "a");
        JobId job = _harness.Run(2, new JobTerms { PinnedNodes = ["a", "a"] });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        _harness.Scheduler.NodeDraining(node);
        _harness.End(chunk, ChunkOutcome.Cancelled);
        _harness.Scheduler.NodeLeft(node);

        Assert.Equal(CommandKind.JobWaiting, Assert.Single(_harness.Take(), c => c.Kind is not CommandKind.ItemsStarted).Kind);
        Assert.Equal("node a is not attached", _harness.Scheduler.GetJob(job)!.Value.WaitingFor);
        _harness.Attach(2, name: "a");
        Assert.Equal(2, _harness.FinishAll(0.001).Count);
    }

    [Fact]
    public void A_draining_node_that_is_killed_was_not_ended_by_its_items()
    {
        JobId job = _harness.Run(1);
        for (uint number = 1; number <= 20; number++)
        {
            NodeId node = _harness.Attach(number);
            _harness.Start(_harness.TakeOneDispatched());
            _harness.Scheduler.NodeDraining(node);
            _harness.Scheduler.NodeLost(node);
            Assert.Empty(_harness.Take(CommandKind.FailItem));
        }

        // One that nobody had told to leave is another matter, and the first that counts.
        NodeId lost = _harness.Attach(21);
        _harness.Start(_harness.TakeOneDispatched());
        _harness.Scheduler.NodeLost(lost);
        _harness.Attach(22);
        _harness.Finish(_harness.TakeOneDispatched());
        Assert.Equal(JobOutcome.Completed, Assert.Single(_harness.Take(CommandKind.JobEnded)).Outcome);
        Assert.Null(_harness.Scheduler.GetJob(job));
    }

    [Fact]
    public void Idle_slots_of_a_draining_node_call_nothing_back()
    {
        _harness.Attach(1, slots: 1, prefetch: 3);
        _harness.Run(200, new JobTerms { ChunkSize = 1 });
        _harness.FinishAll(0.0001, atMost: 20);
        _harness.Scheduler.NodeDraining(_harness.Attach(2, slots: 4));
        _harness.Take();
        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        _harness.Scheduler.Tick();

        Assert.Empty(_harness.Take(CommandKind.CancelChunk));
    }
}
