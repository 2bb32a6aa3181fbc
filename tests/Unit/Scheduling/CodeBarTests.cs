using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Nodes that cannot load the code of a job, for good or for now.</summary>
public sealed class CodeBarTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_function_that_cannot_be_loaded_ends_the_job_at_once()
    {
        _harness.Attach(1, slots: 2);
        _harness.Run(10);
        List<SchedulerCommand> probes = _harness.TakeDispatched();
        _harness.End(probes[0], ChunkOutcome.CodeFailed);

        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal([CommandKind.CancelChunk, CommandKind.JobEnded], commands.Select(c => c.Kind));
        Assert.Equal((probes[1].Chunk, JobOutcome.CodeFailed), (commands[0].Chunk, commands[1].Outcome));
        _harness.End(probes[1], ChunkOutcome.Cancelled);
        Assert.Equal(CommandKind.JobReleased, Assert.Single(_harness.Take()).Kind);
    }

    [Fact]
    public void A_node_without_the_code_is_barred_from_the_job_and_its_items_go_elsewhere_uncharged()
    {
        _harness.Attach(1, slots: 2);
        NodeId good = _harness.Attach(2);
        JobId job = _harness.Run(3, new JobTerms { ChunkSize = 1 });
        List<SchedulerCommand> chunks = _harness.TakeDispatched();
        _harness.End(chunks.Find(c => c.Node.Value == 1), ChunkOutcome.CodeUnavailable);
        Assert.Empty(_harness.Take());
        Assert.Equal(1, _harness.Scheduler.GetJob(job)?.Nodes);

        // The second chunk that the node holds fails in the same way.
        _harness.End(chunks.FindLast(c => c.Node.Value == 1), ChunkOutcome.CodeUnavailable);
        Assert.Empty(_harness.Take());
        _harness.Finish(chunks.Find(c => c.Node == good));
        List<SchedulerCommand> rest = _harness.FinishAll(0.001);
        Assert.All(rest, c => Assert.Equal((good, 1U), (c.Node, c.Attempt)));
        Assert.Equal(2, rest.Count);
        Assert.Null(_harness.Scheduler.GetJob(job));
    }

    [Fact]
    public void Other_jobs_go_on_using_the_node()
    {
        NodeId full = _harness.Attach(1);
        _harness.Attach(2);
        JobId job = _harness.Run(100);
        _harness.End(_harness.TakeDispatched().Find(c => c.Node == full), ChunkOutcome.CodeUnavailable);
        _harness.Take();
        JobId other = _harness.Run(1, number: 2);
        Assert.Equal((other, full), (_harness.TakeOneDispatched() is var c ? c.Job : default, c.Node));
        Assert.Equal((1, 2), (_harness.Scheduler.GetJob(job)?.Nodes, _harness.Scheduler.GetJob(other)?.Nodes));
    }

    [Fact]
    public void A_job_ends_when_all_its_nodes_are_barred()
    {
        _harness.Attach(1, labels: ("disk", "ssd"));
        _harness.Attach(2, labels: ("disk", "ssd"));
        _harness.Attach(3);
        _harness.Run(10, new JobTerms { Requires = new Dictionary<string, string> { ["disk"] = "ssd" } });
        List<SchedulerCommand> probes = _harness.TakeDispatched();
        _harness.End(probes[0], ChunkOutcome.CodeUnavailable);
        Assert.Empty(_harness.Take());
        _harness.End(probes[1], ChunkOutcome.CodeUnavailable);
        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal([CommandKind.JobEnded, CommandKind.JobReleased], commands.Select(c => c.Kind));
        Assert.Equal(JobOutcome.CodeFailed, commands[0].Outcome);
    }

    [Fact]
    public void When_only_barred_nodes_are_left_the_job_waits_for_another_and_gives_up_with_the_error_of_the_code()
    {
        _harness.Attach(1);
        NodeId good = _harness.Attach(2);
        JobId job = _harness.Run(10, new JobTerms { NoNodesTimeout = TimeSpan.FromSeconds(5) });
        _harness.End(_harness.TakeDispatched().Find(c => c.Node.Value == 1), ChunkOutcome.CodeUnavailable);
        _harness.Scheduler.NodeLost(good);
        Assert.Equal(CommandKind.JobWaiting, Assert.Single(_harness.Take()).Kind);
        Assert.Equal("no node is left that could load the function (of 1 attached)", _harness.Scheduler.GetJob(job)?.WaitingFor);
        _harness.Time.Advance(TimeSpan.FromSeconds(5.001));
        _harness.Scheduler.Tick();
        Assert.Equal(JobOutcome.CodeFailed, _harness.Take()[0].Outcome);
    }

    [Fact]
    public void A_node_that_attaches_anew_is_tried_anew()
    {
        NodeId full = _harness.Attach(1, name: "a");
        _harness.Attach(2, name: "b");
        _harness.Run(10);
        _harness.End(_harness.TakeDispatched().Find(c => c.Node == full), ChunkOutcome.CodeUnavailable);
        _harness.Scheduler.NodeLost(full);
        Assert.Empty(_harness.Take());
        NodeId cleaned = _harness.Attach(3, name: "a");
        Assert.Equal(cleaned, _harness.TakeOneDispatched().Node);
    }

    [Fact]
    public void Items_pinned_to_the_node_fail_and_the_others_run()
    {
        _harness.Attach(1);
        NodeId good = _harness.Attach(2);
        _harness.Run(3, new JobTerms { PinnedNodes = ["n1", "n2", "n1"] });
        List<SchedulerCommand> chunks = _harness.TakeDispatched();
        _harness.End(chunks.Find(c => c.Node.Value == 1), ChunkOutcome.CodeUnavailable);
        List<SchedulerCommand> next = _harness.Take();
        Assert.Equal([CommandKind.FailItem, CommandKind.Dispatch], next.Select(c => c.Kind));
        Assert.Equal((FailureReason.CodeUnavailable, 0UL), (next[0].Failure, next[0].Items.First));
        _harness.End(next[1], ChunkOutcome.CodeUnavailable);
        Assert.Equal(2UL, Assert.Single(_harness.Take()).Items.First);
        _harness.Finish(chunks.Find(c => c.Node == good));
        Assert.Equal(JobOutcome.Completed, _harness.Take(CommandKind.JobEnded)[0].Outcome);
    }
}
