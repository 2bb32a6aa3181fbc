using Cluster.Coordinator.Scheduling;

namespace Cluster.Coordinator.Scaling;

/// <summary>Decides how many nodes there should be: as many as do the work that there is within the target, and never fewer than are at work.</summary>
internal static class ScalingDecision
{
    // More than anybody has; what is asked for has to fit the contract whatever the items take.
    private const int MaxNodes = 1_000_000;

    /// <summary>Whether there is work for nodes like these.</summary>
    public static bool IsActive(ClusterLoad load, ScalingTerms terms) => JobsOf(load, terms).Any(job => job.Items > 0) || NodesOf(load, terms).Any(node => node.IsBusy);

    /// <summary>How many nodes there should be.</summary>
    public static int DesiredNodes(ClusterLoad load, ScalingTerms terms)
    {
        var nodes = NodesOf(load, terms).ToList();
        var slotsPerNode = terms.SlotsPerNode ?? (nodes.Count > 0 ? nodes.Average(node => node.Slots) : 1);
        var slots = JobsOf(load, terms).Sum(job => SlotsFor(job, terms.Target.TotalSeconds, slotsPerNode));
        var needed = (int)Math.Min(Math.Ceiling(slots / slotsPerNode), MaxNodes);

        // Taking a node that works makes others do again what it has begun, unless it ends within its grace.
        return Math.Max(needed, nodes.Count(node => node.IsBusy));
    }

    // An item has one slot at most. Of a job of which nothing is measured yet a node's worth is tried first, however many items it has: they may be tiny.
    private static double SlotsFor(JobLoad job, double targetSeconds, double slotsPerNode) =>
        Math.Min(job.Items, job.SecondsPerItem > 0 ? job.Items * job.SecondsPerItem / targetSeconds : slotsPerNode);

    private static IEnumerable<JobLoad> JobsOf(ClusterLoad load, ScalingTerms terms) =>
        load.Jobs.Where(job => terms.Labels.Count == 0 || job.Requires.All(label => terms.Labels.TryGetValue(label.Key, out var value) && value == label.Value));

    private static IEnumerable<NodeLoad> NodesOf(ClusterLoad load, ScalingTerms terms) =>
        load.Nodes.Where(node => terms.Labels.All(label => node.Labels.TryGetValue(label.Key, out var value) && value == label.Value));
}
