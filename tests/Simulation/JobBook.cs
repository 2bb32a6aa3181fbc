using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>What the ledger knows about a job.</summary>
internal sealed class JobBook(JobId id, JobPlan plan, TimeSpan now)
{
    public JobId Id => id;

    public JobPlan Plan => plan;

    public ItemBook[] Items { get; } = new ItemBook[plan.Count];

    public ulong Received { get; set; }

    public ulong Answered { get; set; }

    public bool InputsEnded { get; set; }

    public bool IsBlocked { get; set; }

    public bool HasEnded { get; set; }

    public bool IsReleased { get; set; }

    /// <summary>When a node that may run the job was last seen to leave, or the job opened.</summary>
    public TimeSpan LastNodeAt { get; set; } = now;

    /// <summary>Whether a node may run some item of the job.</summary>
    public bool Accepts(NodeTerms node) =>
        plan.Terms.Requires.All(label => node.Labels.TryGetValue(label.Key, out string? value) && value == label.Value)
        && (plan.Terms.PinnedNodes is null || plan.Terms.PinnedNodes.Contains(node.Name));

    /// <summary>Whether a node may run a particular item.</summary>
    public bool Accepts(NodeTerms node, ulong index) => Accepts(node) && (plan.Terms.PinnedNodes is null || plan.Terms.PinnedNodes[(int)index] == node.Name);

    /// <summary>Whether a node may run an item that waits now.</summary>
    public bool AcceptsWaiting(NodeTerms node)
    {
        if (plan.Terms.PinnedNodes is null)
        {
            return Accepts(node);
        }

        for (ulong i = 0; i < Received; i++)
        {
            if (!Items[i].IsAnswered && Items[i].Chunk is null && Accepts(node, i))
            {
                return true;
            }
        }

        return false;
    }
}
