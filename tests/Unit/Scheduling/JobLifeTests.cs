using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>From opening to the end: counts, waiting for nodes, pinned items, and misuse.</summary>
public sealed class JobLifeTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_job_without_items_completes_at_once()
    {
        _harness.Run(0);
        Assert.Equal([CommandKind.JobEnded, CommandKind.JobReleased], _harness.Take().Select(c => c.Kind));
    }

    [Fact]
    public void A_job_ends_with_its_last_answer_and_is_released_with_its_last_chunk()
    {
        NodeId node = _harness.Attach();
        JobId job = _harness.Run(2, new JobTerms { ChunkSize = 2 });
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        _harness.Start(chunk);
        SchedulerCommand started = Assert.Single(_harness.Take());
        Assert.Equal((CommandKind.ItemsStarted, chunk.Items, node), (started.Kind, started.Items, started.Node));
        _harness.Succeed(chunk, items: new ItemRange(0, 1));
        Assert.Equal(1UL, _harness.Scheduler.GetJob(job)?.Completed);
        _harness.Scheduler.ItemFailed(chunk.Chunk, 1);
        Assert.Equal(JobOutcome.Completed, Assert.Single(_harness.Take()).Outcome);
        _harness.End(chunk);
        Assert.Equal(CommandKind.JobReleased, Assert.Single(_harness.Take()).Kind);
        Assert.Equal(2UL, _harness.Scheduler.GetNode(node)?.ItemsAnswered);
    }

    [Fact]
    public void Without_nodes_a_job_waits_says_why_and_gives_up()
    {
        JobId job = _harness.Run(3, new JobTerms { NoNodesTimeout = TimeSpan.FromSeconds(5) });
        Assert.Equal(CommandKind.JobWaiting, Assert.Single(_harness.Take()).Kind);
        Assert.Equal("no node attached", _harness.Scheduler.GetJob(job)?.WaitingFor);

        TickAfter(4);
        Assert.Empty(_harness.Take());
        TickAfter(1.001);
        Assert.Equal(JobOutcome.NoNodes, _harness.Take()[0].Outcome);
    }

    [Fact]
    public void A_node_in_time_ends_the_wait_and_its_loss_begins_a_new_one()
    {
        _harness.Run(3, new JobTerms { NoNodesTimeout = TimeSpan.FromSeconds(5) });
        _harness.Time.Advance(TimeSpan.FromSeconds(4));
        NodeId node = _harness.Attach();
        _harness.Take();
        TickAfter(60);
        _harness.Scheduler.NodeLost(node);
        Assert.Equal(CommandKind.JobWaiting, Assert.Single(_harness.Take()).Kind);
        TickAfter(4.999);
        Assert.Empty(_harness.Take());
        TickAfter(0.002);
        Assert.Equal(JobOutcome.NoNodes, _harness.Take()[0].Outcome);
    }

    [Fact]
    public void A_job_without_items_does_not_mind_that_there_are_no_nodes()
    {
        _harness.Scheduler.JobOpened(SchedulerHarness.Job(), new JobTerms());
        TickAfter(3600);
        Assert.Empty(_harness.Take());
        Assert.Null(_harness.Scheduler.GetJob(SchedulerHarness.Job())?.WaitingFor);
    }

    [Fact]
    public void Missing_labels_are_named()
    {
        _harness.Attach();
        JobId job = _harness.Run(1, new JobTerms { Requires = new Dictionary<string, string> { ["gpu"] = "a100" } });
        Assert.Equal("no node has the labels gpu=a100 (of 1 attached)", _harness.Scheduler.GetJob(job)?.WaitingFor);
    }

    [Fact]
    public void Pinned_items_run_on_their_nodes_only()
    {
        _harness.Attach(1, slots: 4);
        _harness.Attach(2, slots: 4);
        _harness.Run(3, new JobTerms { PinnedNodes = ["n2", "n1", "n2"] });
        Assert.Equal([(0UL, 2U), (1UL, 1U), (2UL, 2U)], _harness.TakeDispatched().Select(d => (d.Items.First, d.Node.Value)).Order());
    }

    [Fact]
    public void Pinned_items_fail_at_once_when_their_node_is_lost()
    {
        NodeId lost = _harness.Attach(1);
        _harness.Attach(2);
        _harness.Run(3, new JobTerms { PinnedNodes = ["n1", "n1", "n2"] });
        SchedulerCommand other = _harness.TakeDispatched().Find(d => d.Node.Value == 2);
        _harness.Scheduler.NodeLost(lost);
        List<SchedulerCommand> failures = _harness.Take();
        Assert.Equal([(0UL, 1U), (1UL, 0U)], failures.Select(f => (f.Items.First, f.Attempt)).Order());
        Assert.All(failures, f => Assert.Equal((CommandKind.FailItem, FailureReason.NodeLost, lost), (f.Kind, f.Failure, f.Node)));
        _harness.Succeed(other);
        Assert.Equal(JobOutcome.Completed, Assert.Single(_harness.Take()).Outcome);
    }

    [Fact]
    public void Pinned_items_fail_after_the_timeout_when_their_node_never_comes()
    {
        _harness.Attach(1);
        JobId job = _harness.Run(2, new JobTerms { PinnedNodes = ["n1", "n9"], NoNodesTimeout = TimeSpan.FromSeconds(2) });
        _harness.Finish(_harness.TakeOneDispatched());
        Assert.Equal("node n9 is not attached", _harness.Scheduler.GetJob(job)?.WaitingFor);
        _harness.Take();
        TickAfter(2.001);
        List<SchedulerCommand> commands = _harness.Take();
        Assert.Equal((1UL, FailureReason.NoNodes), (commands[0].Items.First, commands[0].Failure));
        Assert.Equal(JobOutcome.Completed, commands[1].Outcome);
    }

    [Fact]
    public void Skipped_items_are_answered_and_run_nowhere()
    {
        _harness.Attach(slots: 8);
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, new JobTerms { ExpectedCount = 10 });
        _harness.Scheduler.InputsSkipped(job, new ItemRange(0, 4));
        _harness.Add(job, 4, 1);
        _harness.Scheduler.InputsSkipped(job, new ItemRange(5, 5));
        JobSnapshot? snapshot = _harness.Scheduler.GetJob(job);
        Assert.Equal((10UL, 9UL, 1UL), (snapshot?.Received, snapshot?.Completed, snapshot?.Running));
        _harness.Scheduler.InputsEnded(job);
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        Assert.Equal(new ItemRange(4, 1), chunk.Items);
        _harness.Succeed(chunk);
        Assert.Equal(JobOutcome.Completed, Assert.Single(_harness.Take()).Outcome);
    }

    [Fact]
    public void A_job_whose_items_are_all_skipped_needs_no_nodes()
    {
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, new JobTerms());
        _harness.Scheduler.InputsSkipped(job, new ItemRange(0, 4));
        _harness.Scheduler.InputsEnded(job);
        Assert.Equal(JobOutcome.Completed, _harness.Take()[0].Outcome);
    }

    [Fact]
    public void Pins_count_skipped_items()
    {
        _harness.Attach(1);
        _harness.Attach(2);
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, new JobTerms { PinnedNodes = ["n1", "n1", "n2"] });
        _harness.Scheduler.InputsSkipped(job, new ItemRange(0, 2));
        _harness.Add(job, 2, 1);
        SchedulerCommand chunk = _harness.TakeOneDispatched();
        Assert.Equal((2UL, 2U), (chunk.Items.First, chunk.Node.Value));
        Assert.Throws<ArgumentException>(() => _harness.Scheduler.InputsSkipped(job, new ItemRange(3, 1)));
        Assert.Throws<ArgumentException>(() => _harness.Scheduler.InputsSkipped(job, new ItemRange(1, 1)));
    }

    [Fact]
    public void The_last_skipped_items_let_a_chunk_go_that_is_not_full()
    {
        _harness.Attach(slots: 2);
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, new JobTerms { ChunkSize = 2, ExpectedCount = 5 });
        _harness.Add(job, 0, 3);
        Assert.Equal(new ItemRange(0, 2), _harness.TakeOneDispatched().Items);
        _harness.Scheduler.InputsSkipped(job, new ItemRange(3, 2));
        Assert.Equal(new ItemRange(2, 1), _harness.TakeOneDispatched().Items);
    }

    [Fact]
    public void Breaches_of_the_contract_are_refused()
    {
        Scheduler scheduler = _harness.Scheduler;
        JobId job = SchedulerHarness.Job();
        scheduler.JobOpened(job, new JobTerms { PinnedNodes = ["a", "b"] });
        Assert.Throws<ArgumentException>(() => scheduler.JobOpened(job, new JobTerms()));
        Assert.Throws<ArgumentException>(() => _harness.Add(job, 1, 1));
        Assert.Throws<ArgumentException>(() => _harness.Add(job, 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.JobOpened(SchedulerHarness.Job(2), new JobTerms { Priority = 11 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.JobOpened(SchedulerHarness.Job(2), new JobTerms { ChunkSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _harness.Attach(1, slots: 0));
        _harness.Attach(1);
        Assert.Throws<ArgumentException>(() => _harness.Attach(1));
        scheduler.InputsEnded(job);
        Assert.Null(scheduler.GetJob(job));
    }

    [Fact]
    public void Unknown_numbers_are_ignored()
    {
        Scheduler scheduler = _harness.Scheduler;
        scheduler.NodeLost(new NodeId(9));
        scheduler.NodeSuspected(new NodeId(9));
        scheduler.NodeTrusted(new NodeId(9));
        _harness.Add(SchedulerHarness.Job(9), 5, 5);
        scheduler.InputsSkipped(SchedulerHarness.Job(9), new ItemRange(5, 5));
        scheduler.InputsEnded(SchedulerHarness.Job(9));
        scheduler.JobCancelled(SchedulerHarness.Job(9));
        scheduler.ItemsCancelled(SchedulerHarness.Job(9), new ItemRange(0, 1), force: true);
        scheduler.OutputBlocked(SchedulerHarness.Job(9));
        scheduler.ChunkStarted(new ChunkId(9));
        scheduler.ChunkEnded(new ChunkId(9), ChunkOutcome.WorkerLost, TimeSpan.Zero);
        Assert.False(scheduler.ItemFailed(new ChunkId(9), 0));
        Assert.Empty(_harness.Take());
    }

    private void TickAfter(double seconds)
    {
        _harness.Time.Advance(TimeSpan.FromSeconds(seconds));
        _harness.Scheduler.Tick();
    }
}
