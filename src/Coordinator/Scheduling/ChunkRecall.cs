namespace Cluster.Coordinator.Scheduling;

/// <summary>
/// Calls back chunks that a node has taken ahead and not begun, for slots that are idle elsewhere while nothing is pending for them: what a node runs
/// may take hours, whatever the chunks behind it would take.
/// </summary>
/// <remarks>
/// One chunk for one idle slot: no more than these can be helped. Those that went out a moment ago are left alone, and those that their node has a
/// slot for: they are about to begin.
/// </remarks>
internal sealed class ChunkRecall(NodeTable nodes, UnbegunChunks unbegun, CancelRequests requests, TimeProvider time)
{
    // Where more are stuck, any of them will do.
    private const int MaxStuck = 64;

    /// <summary>Calls chunks back. The dispatcher has handed out what it could before.</summary>
    public void Run()
    {
        for (int i = unbegun.Pools.Count - 1; i >= 0; i--)
        {
            NodePool pool = unbegun.Pools[i];
            while (pool.IdleSlots > pool.Recalled && nodes.IdleSlots > unbegun.Recalled && FindStuck(pool) is Chunk chunk)
            {
                requests.Ask(chunk, CancelMode.UnlessBegun);
            }
        }
    }

    /// <summary>Whether others are before the chunk on its node, which does not hand it back unasked, and it could go out again at once.</summary>
    private static bool IsStuck(Chunk chunk)
    {
        (Node node, Job job) = (chunk.Node, chunk.Lane.Job);
        return !node.IsSuspect && !node.IsDraining && node.Chunks.Count - node.Recalled > node.Terms.Slots
            && !job.HasEnded && !job.IsOutputBlocked && chunk.Unanswered.Count > 0;
    }

    /// <summary>The youngest chunk on the node with the highest load: it would wait for longest.</summary>
    private Chunk? FindStuck(NodePool pool)
    {
        long now = time.GetTimestamp();
        Node? crowded = null;
        LinkedListNode<Chunk>? next = pool.Unbegun.First;
        for (int stuck = 0; stuck < MaxStuck && next is { Value: Chunk chunk } && chunk.LookAt <= now;)
        {
            next = next.Next;
            if (!IsStuck(chunk))
            {
                unbegun.Postpone(chunk, now);
                continue;
            }

            stuck++;
            crowded = crowded is null || chunk.Node.Load > crowded.Load ? chunk.Node : crowded;
        }

        return crowded is null ? null : FindYoungest(crowded, pool, now);
    }

    private static Chunk? FindYoungest(Node node, NodePool pool, long now)
    {
        Chunk? youngest = null;
        for (int i = 0; i < node.Chunks.Count; i++)
        {
            Chunk chunk = node.Chunks[i];
            if (chunk.ListedIn == pool && chunk.LookAt <= now && IsStuck(chunk) && !(youngest?.Id.Value > chunk.Id.Value))
            {
                youngest = chunk;
            }
        }

        return youngest;
    }
}
