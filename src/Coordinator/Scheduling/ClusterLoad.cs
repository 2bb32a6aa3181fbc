namespace Cluster.Coordinator.Scheduling;

/// <summary>What there is to do, and who is there to do it, at one moment.</summary>
/// <param name="Jobs">The open jobs.</param>
/// <param name="Nodes">The attached nodes that are not about to leave.</param>
internal sealed record ClusterLoad(IReadOnlyList<JobLoad> Jobs, IReadOnlyList<NodeLoad> Nodes)
{
    /// <summary>Sums it up.</summary>
    public static ClusterLoad Of(IEnumerable<Job> jobs, IReadOnlyCollection<Node> nodes)
    {
        // A node is two to the scheduler: its places for processes are another, of the same name.
        HashSet<string> withProcesses = [.. nodes.Where(node => node.Terms.ForProcesses && node.Chunks.Count > 0).Select(node => node.Terms.Name)];
        return new ClusterLoad(
            [.. jobs.Select(job => new JobLoad(job.Pending + job.Held, job.Sizer.SecondsPerItem, job.Terms.Requires))],
            [
                .. nodes.Where(node => !node.IsDraining && !node.Terms.ForProcesses)
                    .Select(node => new NodeLoad(node.Terms.Name, node.Terms.Slots, node.Chunks.Count > 0 || withProcesses.Contains(node.Terms.Name), node.Terms.Labels)),
            ]);
    }
}
