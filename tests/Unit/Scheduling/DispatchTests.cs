using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Which node gets work, and how much ahead.</summary>
public sealed class DispatchTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void An_item_goes_out_the_moment_it_comes()
    {
        NodeId node = _harness.Attach();
        _harness.Scheduler.JobOpened(SchedulerHarness.Job(), new JobTerms());
        Assert.Empty(_harness.Take());

        _harness.Add(SchedulerHarness.Job(), 0, 1);
        SchedulerCommand dispatch = _harness.TakeOneDispatched();
        Assert.Equal((node, new ItemRange(0, 1), 1U), (dispatch.Node, dispatch.Items, dispatch.Attempt));
    }

    [Fact]
    public void Idle_slots_of_all_nodes_come_first_in_proportion_to_their_load()
    {
        _harness.Attach(1, slots: 4, prefetch: 4);
        _harness.Attach(2, slots: 2, prefetch: 2);
        _harness.Run(100);

        // Unmeasured: one probe per slot, nothing ahead.
        uint[] nodes = [.. _harness.TakeDispatched().Select(d => d.Node.Value)];
        Assert.Equal(6, nodes.Length);
        Assert.Equal(4, nodes.Count(n => n == 1));
        Assert.Equal([1U, 2U], nodes[..2].Order());
    }

    [Fact]
    public void Short_items_are_taken_ahead_up_to_the_credit()
    {
        _harness.Attach(1, slots: 2, prefetch: 3);
        _harness.Run(10_000);
        SchedulerCommand[] probes = [.. _harness.TakeDispatched()];
        Assert.Equal(2, probes.Length);

        _harness.Succeed(probes[0], 0.010);
        Assert.Equal(3, _harness.TakeDispatched().Count);
        _harness.End(probes[0]);
        _harness.TakeOneDispatched();
    }

    [Fact]
    public void Long_items_wait_for_an_idle_slot_anywhere()
    {
        _harness.Attach(1, slots: 1, prefetch: 4);
        _harness.Run(100);
        SchedulerCommand first = _harness.TakeOneDispatched();
        _harness.Finish(first, secondsPerItem: 2);
        _harness.TakeOneDispatched();

        NodeId second = _harness.Attach(2, slots: 1, prefetch: 4);
        Assert.Equal(second, _harness.TakeOneDispatched().Node);
    }

    [Fact]
    public void A_long_item_whose_turn_it_is_gets_the_next_slot_though_others_could_be_taken_ahead()
    {
        _harness.Attach(1, slots: 1, prefetch: 2);
        _harness.Run(1_000_000, new JobTerms { Owner = 1 });
        _harness.FinishAll(secondsPerItem: 0.001, atMost: 20);
        // The quick job holds the slot and the places ahead now. A job of unknown length comes.
        JobId unknown = _harness.Run(5, new JobTerms { Owner = 2 }, number: 2);
        Assert.Equal(3, _harness.Scheduler.GetNode(new NodeId(1))?.Chunks);
        Assert.Empty(_harness.TakeDispatched());
        Assert.Equal("all 1 slots are busy with job 1", _harness.Scheduler.GetJob(unknown)?.WaitingFor);
    }

    [Fact]
    public void A_suspect_takes_nothing_new_until_it_is_trusted()
    {
        NodeId node = _harness.Attach(1, slots: 2);
        _harness.Scheduler.NodeSuspected(node);
        _harness.Run(2);
        Assert.Empty(_harness.TakeDispatched());
        Assert.True(_harness.Scheduler.GetNode(node)?.IsSuspect);

        _harness.Scheduler.NodeTrusted(node);
        Assert.Equal(2, _harness.TakeDispatched().Count);
    }

    [Fact]
    public void Labels_decide_who_may_run_a_job()
    {
        _harness.Attach(1, slots: 8);
        NodeId ssd = _harness.Attach(2, slots: 2, labels: ("disk", "ssd"));
        _harness.Run(10, new JobTerms { Requires = new Dictionary<string, string> { ["disk"] = "ssd" } });

        Assert.Equal([ssd, ssd], _harness.TakeDispatched().Select(d => d.Node));
        JobSnapshot snapshot = _harness.Scheduler.GetJob(SchedulerHarness.Job())!.Value;
        Assert.Equal((1, 2, 8UL, 2UL), (snapshot.Nodes, snapshot.Slots, snapshot.Pending, snapshot.Running));
    }

    [Fact]
    public void A_slow_reader_pauses_its_job_only()
    {
        _harness.Attach(1, slots: 1);
        JobId slow = _harness.Run(10);
        SchedulerCommand probe = _harness.TakeOneDispatched();
        _harness.Scheduler.OutputBlocked(slow);
        _harness.Finish(probe);
        Assert.Empty(_harness.TakeDispatched());
        Assert.Equal("the reader of the results is slow", _harness.Scheduler.GetJob(slow)?.WaitingFor);

        _harness.Run(1, number: 2);
        Assert.Equal(SchedulerHarness.Job(2), _harness.TakeOneDispatched().Job);
        _harness.Attach(2);
        Assert.Empty(_harness.TakeDispatched());
        _harness.Scheduler.OutputUnblocked(slow);
        Assert.Equal(slow, _harness.TakeOneDispatched().Job);
    }

    [Fact]
    public void Higher_priority_gets_twice_as_much_per_step()
    {
        _harness.Attach(1, slots: 1);
        _harness.Run(100_000, new JobTerms { ChunkSize = 10 });
        _harness.Run(100_000, new JobTerms { ChunkSize = 10, Priority = 2 }, number: 2);

        int high = _harness.FinishAll(0.001, atMost: 500).Count(d => d.Job == SchedulerHarness.Job(2));
        Assert.InRange(high, 390, 410);
    }
}
