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

    /// <summary>Items without an answer that nodes hold.</summary>
    public ulong Held { get; set; }

    /// <summary>Items without an answer that no node holds.</summary>
    public ulong Pending => Received - Answered - Held;

    public bool InputsEnded { get; set; }

    public bool IsBlocked { get; set; }

    public bool HasEnded { get; set; }

    public bool IsReleased { get; set; }

    /// <summary>Nodes that could not get hold of the code.</summary>
    public HashSet<NodeId> Barred { get; } = [];

    /// <summary>When a node that may run the job was last seen to leave, or the job opened.</summary>
    public TimeSpan LastNodeAt { get; set; } = now;

    /// <summary>Whether a node meets the job's terms.</summary>
    public bool Wants(NodeTerms node) =>
        plan.Terms.Requires.All(label => node.Labels.TryGetValue(label.Key, out string? value) && value == label.Value)
        && (plan.Terms.PinnedNodes is null || plan.Terms.PinnedNodes.Contains(node.Name));

    /// <summary>Whether a node may run some item of the job.</summary>
    public bool Accepts(NodeBook node) => Wants(node.Terms) && !Barred.Contains(node.Id);

    /// <summary>Whether a node may run a particular item.</summary>
    public bool Accepts(NodeBook node, ulong index) =>
        Accepts(node) && (plan.Terms.PinnedNodes is null || plan.Terms.PinnedNodes[(int)index] == node.Terms.Name);

    /// <summary>Whether a node may run an item that waits now.</summary>
    public bool AcceptsWaiting(NodeBook node)
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

    /// <summary>An item has its last word.</summary>
    /// <param name="index">The item.</param>
    /// <param name="by">The chunk that brought the answer; null: nobody did.</param>
    public void Answer(ulong index, ChunkBook? by)
    {
        ref ItemBook item = ref Items[index];
        if (HasEnded || item.IsAnswered)
        {
            throw new SimulationFailedException($"item {index} answered {(HasEnded ? "after the end" : "twice")}");
        }

        item.IsAnswered = true;
        Answered++;
        Held -= item.Chunk is null ? 0UL : 1;
        bool isWithdrawn = item.IsWithdrawn;
        item.ForEachHolder(chunk =>
        {
            chunk.Left--;
            chunk.Innocent -= isWithdrawn ? 0UL : 1;
            chunk.IsBeaten = chunk.Left == 0 && by is not null && by != chunk;
        });
    }

    /// <summary>A chunk does not hold its items any more.</summary>
    public void LetGo(ChunkBook chunk)
    {
        for (ulong i = chunk.Items.First; i < chunk.Items.End; i++)
        {
            ref ItemBook item = ref Items[i];
            bool wasHeld = item.Chunk is not null;
            (item.Chunk, item.Copy) = item.Chunk == chunk ? (item.Copy, null) : item.Copy == chunk ? (item.Chunk, null) : (item.Chunk, item.Copy);
            Held -= wasHeld && item.Chunk is null && !item.IsAnswered ? 1UL : 0;
        }
    }
}
