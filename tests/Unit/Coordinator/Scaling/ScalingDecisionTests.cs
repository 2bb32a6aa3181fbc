using Cluster.Coordinator.Scaling;
using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Coordinator.Scaling;

public sealed class ScalingDecisionTests
{
    private static readonly Dictionary<string, string> None = [];
    private static readonly ScalingTerms Terms = new(TimeSpan.FromSeconds(60), SlotsPerNode: 4, None);

    [Fact]
    public void Without_work_there_is_no_node() => AssertDesired(0, isActive: false, new ClusterLoad([], [Idle(4), Idle(4)]));

    [Fact]
    public void A_job_whose_client_has_sent_nothing_is_no_work() => AssertDesired(0, isActive: false, new ClusterLoad([Job(0, 1)], []));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1_000_000_000, 1)]
    public void Work_that_nobody_has_measured_gets_one_node(ulong items, int nodes) => AssertDesired(nodes, isActive: true, new ClusterLoad([Job(items, 0)], []));

    // Slots: items × seconds ÷ 60, but never more than items.
    [Theory]
    [InlineData(1_000, 0.001, 1)]
    [InlineData(1_000_000, 0.001, 5)]
    [InlineData(240, 1, 1)]
    [InlineData(241, 1, 2)]
    [InlineData(9, 3600, 3)]
    [InlineData(100, 30, 13)]
    public void Measured_work_gets_what_does_it_in_time(ulong items, double seconds, int nodes) => AssertDesired(nodes, isActive: true, new ClusterLoad([Job(items, seconds)], [Busy(4)]));

    [Fact]
    public void Jobs_add_up_before_nodes_are_counted() => AssertDesired(1, isActive: true, new ClusterLoad([Job(1, 100), Job(1, 100), Job(2, 100)], []));

    [Fact]
    public void Nodes_at_work_stay() => AssertDesired(3, isActive: true, new ClusterLoad([Job(3, 1)], [Busy(4), Busy(4), Busy(4), Idle(4)]));

    [Fact]
    public void The_end_of_a_job_ends_no_node_that_still_has_something() => AssertDesired(1, isActive: true, new ClusterLoad([], [Busy(4), Idle(4)]));

    [Fact]
    public void The_number_has_a_bound() => AssertDesired(1_000_000, isActive: true, new ClusterLoad([Job(ulong.MaxValue, 3600)], []));

    [Fact]
    public void A_node_brings_what_the_attached_ones_do_unless_it_is_said()
    {
        var load = new ClusterLoad([Job(16, 3600)], [Idle(8), Idle(8)]);
        Assert.Equal(2, ScalingDecision.DesiredNodes(load, Terms with { SlotsPerNode = null }));
        Assert.Equal(4, ScalingDecision.DesiredNodes(load, Terms));
        Assert.Equal(16, ScalingDecision.DesiredNodes(load with { Nodes = [] }, Terms with { SlotsPerNode = null }));
    }

    [Fact]
    public void With_labels_only_what_such_nodes_may_run_counts()
    {
        Dictionary<string, string> gpu = new() { ["gpu"] = "yes" };
        var load = new ClusterLoad([Job(4, 3600), Job(8, 3600) with { Requires = gpu }], [Busy(4), Busy(4) with { Labels = gpu }]);

        Assert.Equal(3, ScalingDecision.DesiredNodes(load, Terms));
        Assert.Equal(3, ScalingDecision.DesiredNodes(load, Terms with { Labels = gpu }));
        Assert.Equal(1, ScalingDecision.DesiredNodes(load, Terms with { Labels = new Dictionary<string, string> { ["gpu"] = "no" } }));
        Assert.False(ScalingDecision.IsActive(load with { Jobs = [Job(8, 1) with { Requires = gpu }] }, Terms with { Labels = new Dictionary<string, string> { ["gpu"] = "no" } }));
    }

    private static JobLoad Job(ulong items, double seconds) => new(items, seconds, None);

    private static NodeLoad Busy(int slots) => new("busy", slots, IsBusy: true, None);

    private static NodeLoad Idle(int slots) => new("idle", slots, IsBusy: false, None);

    private static void AssertDesired(int nodes, bool isActive, ClusterLoad load)
    {
        Assert.Equal(nodes, ScalingDecision.DesiredNodes(load, Terms));
        Assert.Equal(isActive, ScalingDecision.IsActive(load, Terms));
    }
}
