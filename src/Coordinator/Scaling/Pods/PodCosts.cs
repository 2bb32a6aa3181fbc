using Cluster.Coordinator.Scheduling;

namespace Cluster.Coordinator.Scaling.Pods;

/// <summary>
/// Decides what the pods of nodes should be said to cost when there are to be fewer: one that works costs more than one that is idle, and the cheapest go first.
/// Only what has changed is told, for the API server is everybody's.
/// </summary>
internal sealed class PodCosts
{
    /// <summary>Of a node that works.</summary>
    public const int Busy = 1000;

    /// <summary>Of one that is idle: what a pod costs of which nothing is said.</summary>
    public const int Idle = 0;

    private readonly Dictionary<string, int> _told = [];

    /// <summary>What is to be told, by the names of the pods. A pod of which nothing was told yet is told in any case: an earlier coordinator may have.</summary>
    public IReadOnlyDictionary<string, int> Changes(ClusterLoad load)
    {
        var costs = new Dictionary<string, int>();
        foreach (var node in load.Nodes)
        {
            costs[node.Name] = node.IsBusy ? Busy : Idle;
        }

        // Names of pods do not come again; those of other nodes may, and are told anew then.
        foreach (var gone in _told.Keys.Except(costs.Keys).ToArray())
        {
            _told.Remove(gone);
        }

        return costs.Where(cost => !_told.TryGetValue(cost.Key, out var told) || told != cost.Value).ToDictionary();
    }

    /// <summary>A pod has its annotation, or is none.</summary>
    public void Told(string pod, int cost) => _told[pod] = cost;
}
