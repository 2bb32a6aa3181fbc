using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>What the ledger knows about a chunk that is out.</summary>
internal sealed class ChunkBook(ChunkId id, NodeBook node, JobBook job, ItemRange items, bool isAlone, TimeSpan sentAt)
{
    public ChunkId Id => id;

    public NodeBook Node => node;

    public JobBook Job => job;

    public ItemRange Items => items;

    public TimeSpan SentAt => sentAt;

    /// <summary>It was to have a worker for itself.</summary>
    public bool IsAlone => isAlone;

    /// <summary>When the coordinator heard that a worker has it; null: it has not.</summary>
    public TimeSpan? StartedAt { get; set; }

    public bool IsStarted => StartedAt is not null;

    /// <summary>There is or was another copy of it, or it is one.</summary>
    public bool WasCopied { get; set; }

    public CancelMode Asked { get; set; }

    /// <summary>It has been called back, and has neither come nor begun.</summary>
    public bool IsRecalled { get; set; }

    /// <summary>Its last item was answered by another copy of it.</summary>
    public bool IsBeaten { get; set; }

    /// <summary>Items without an answer.</summary>
    public ulong Left { get; set; } = items.Count;

    /// <summary>Those of them that nobody has withdrawn.</summary>
    public ulong Innocent { get; set; } = items.Count;

    /// <summary>Since when it has been so, at every look; null: it was not at the last.</summary>
    public TimeSpan? StuckSince { get; set; }

    /// <summary>It waits for others on its node, and could go elsewhere.</summary>
    public bool IsStuck => !IsStarted && Asked == CancelMode.None && Left > 0 && node.IsCrowded && !job.HasEnded && !job.IsBlocked;

    /// <summary>Whether what is left of it is in one piece and wanted, so that another node can be given a copy.</summary>
    public bool MayBeCopied
    {
        get
        {
            if (WasCopied || Left == 0 || Innocent < Left || job.HasEnded || job.IsBlocked || job.Plan.Terms.PinnedNodes is not null)
            {
                return false;
            }

            int pieces = 0;
            bool isInside = false;
            for (ulong i = items.First; i < items.End; i++)
            {
                bool isLeft = !job.Items[i].IsAnswered && job.Items[i].Chunk == this;
                pieces += isLeft && !isInside ? 1 : 0;
                isInside = isLeft;
            }

            return pieces == 1;
        }
    }

    public bool MayRunOn(NodeBook other) => job.Accepts(other, items.First);
}
