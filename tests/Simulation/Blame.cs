using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>What an item is charged for workers and nodes that were lost with it, by the ledger's own count, and what follows from that.</summary>
internal static class Blame
{
    /// <summary>The worker of a chunk has ended.</summary>
    public static void WorkerEnds(ChunkBook chunk, ChunkOutcome outcome)
    {
        if (chunk.Asked == CancelMode.Force || outcome is not (ChunkOutcome.WorkerLost or ChunkOutcome.WorkerKilled or ChunkOutcome.SharedWorkerLost or ChunkOutcome.OutOfMemory))
        {
            return;
        }

        // Who had a worker for itself and shared it all the same is charged: a node is not believed for ever.
        bool isAlone = chunk.Items.Count == 1 && (outcome != ChunkOutcome.SharedWorkerLost || chunk.IsAlone);
        for (ulong i = chunk.Items.First; i < chunk.Items.End; i++)
        {
            ref ItemBook item = ref chunk.Job.Items[i];
            if (IsLeftTo(item, chunk))
            {
                item.IsSuspicious = true;
                item.Losses += isAlone && (outcome is ChunkOutcome.WorkerLost or ChunkOutcome.SharedWorkerLost) ? (byte)1 : (byte)0;
                item.Kills += isAlone && outcome == ChunkOutcome.WorkerKilled ? (byte)1 : (byte)0;
                item.MemoryKills += isAlone && outcome == ChunkOutcome.OutOfMemory ? (byte)1 : (byte)0;
            }
        }
    }

    /// <summary>The node of a chunk is lost.</summary>
    public static void NodeLost(ChunkBook chunk)
    {
        for (ulong i = chunk.Items.First; i < chunk.Items.End; i++)
        {
            ref ItemBook item = ref chunk.Job.Items[i];
            item.IsChargeOpen |= item.Chunk?.Node == chunk.Node && item.Copy?.Node == chunk.Node;
            if (chunk.IsStarted && IsLeftTo(item, chunk))
            {
                item.IsSuspicious = true;
                item.NodeLosses++;
            }
        }
    }

    /// <summary>An item's time was up. It leaves its chunk, whose other items are not to blame.</summary>
    /// <returns>Whether it may be tried again.</returns>
    public static bool TimedOut(ChunkBook chunk, ulong index, uint tries)
    {
        ref ItemBook item = ref chunk.Job.Items[index];
        if (chunk.Job.HasEnded || item.IsWithdrawn || !IsLeftTo(item, chunk))
        {
            return false;
        }

        (item.Tries, item.IsSuspicious, item.Chunk) = (tries, true, null);
        chunk.Job.Held--;
        chunk.Left--;
        chunk.Innocent--;
        return tries < chunk.Job.Plan.Terms.MaxTimeouts;
    }

    /// <summary>Why an item must not go out like this; null: it may.</summary>
    public static string? Forbids(in ItemBook item, in SchedulerCommand command, JobTerms terms) =>
        command.Tries != item.Tries ? $"with {command.Tries} tries after {item.Tries}"
        : item.Tries >= terms.MaxTimeouts ? $"again after {item.Tries} tries"
        : item.Losses >= InfrastructureBudget.MaxLosses || item.Kills >= InfrastructureBudget.MaxKills || item.MemoryKills >= InfrastructureBudget.MaxMemoryKills
            ? $"again after {item.Losses} lost workers, {item.Kills} killed ones and {item.MemoryKills} that took too much memory"
        : item.IsChargeOpen ? null
        : item.NodeLosses >= InfrastructureBudget.MaxNodeLosses ? $"again after it has taken {item.NodeLosses} nodes down"
        : item.IsSuspicious && !command.Alone ? "without a worker for itself, though one was lost with it"
        : command.Alone && !item.IsSuspicious ? "to a worker for itself, though nothing was ever lost with it"
        : null;

    /// <summary>Why an item must not fail for a reason; null: it may.</summary>
    public static string? Acquits(in ItemBook item, FailureReason reason, JobTerms terms)
    {
        bool isPinned = terms.PinnedNodes is not null;
        return reason switch
        {
            FailureReason.WorkerLost when item.Losses != InfrastructureBudget.MaxLosses && item.Kills != InfrastructureBudget.MaxKills =>
                $"after {item.Losses} lost workers and {item.Kills} killed ones",
            FailureReason.OutOfMemory when item.MemoryKills != InfrastructureBudget.MaxMemoryKills => $"after {item.MemoryKills} kills",
            FailureReason.NodesLost when isPinned || (!item.IsChargeOpen && item.NodeLosses != InfrastructureBudget.MaxNodeLosses) => $"after {item.NodeLosses} lost nodes",
            FailureReason.TimedOut when item.Tries < terms.MaxTimeouts => $"after {item.Tries} tries of {terms.MaxTimeouts}",
            FailureReason.NodeLost or FailureReason.NoNodes or FailureReason.CodeUnavailable when !isPinned => "though it is not pinned",
            _ => null,
        };
    }

    private static bool IsLeftTo(in ItemBook item, ChunkBook chunk) => !item.IsAnswered && item.Copy is null && item.Chunk == chunk;
}
