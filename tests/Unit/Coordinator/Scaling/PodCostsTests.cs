using Cluster.Coordinator.Scaling.Pods;
using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Coordinator.Scaling;

/// <summary>What Kubernetes is told of pods.</summary>
public sealed class PodCostsTests
{
    private readonly PodCosts _costs = new();

    [Fact]
    public void Those_that_work_cost_more_and_only_changes_are_told()
    {
        Assert.Equal(new Dictionary<string, int> { ["a"] = PodCosts.Busy, ["b"] = PodCosts.Idle }, Tell(("a", true), ("b", false)));
        Assert.Empty(Tell(("a", true), ("b", false)));
        Assert.Equal(new Dictionary<string, int> { ["b"] = PodCosts.Busy }, Tell(("a", true), ("b", true)));
        Assert.True(PodCosts.Busy > PodCosts.Idle);
    }

    [Fact]
    public void What_could_not_be_told_is_told_again()
    {
        Assert.Single(_costs.Changes(Load(("a", true))));
        Assert.Single(_costs.Changes(Load(("a", true))));
    }

    [Fact]
    public void A_node_that_comes_back_is_told_anew()
    {
        Tell(("a", true));
        Tell();
        Assert.Single(Tell(("a", true)));
    }

    private IReadOnlyDictionary<string, int> Tell(params (string Name, bool IsBusy)[] nodes)
    {
        var changes = _costs.Changes(Load(nodes));
        foreach (var (pod, cost) in changes)
        {
            _costs.Told(pod, cost);
        }

        return changes;
    }

    private static ClusterLoad Load(params (string Name, bool IsBusy)[] nodes) =>
        new([], [.. nodes.Select(node => new NodeLoad(node.Name, 1, node.IsBusy, new Dictionary<string, string>()))]);
}
