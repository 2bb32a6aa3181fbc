namespace Cluster.Coordinator.Scheduling;

/// <summary>How often workers and nodes may be lost with an item before the item is held responsible.</summary>
internal static class InfrastructureBudget
{
    /// <summary>So many workers that died while they held the item alone make it fail.</summary>
    public const byte MaxLosses = 3;

    /// <summary>
    /// So many workers that were killed from outside while they held the item alone make it fail. More than for those that died by themselves: who kills
    /// may have others in mind, but the kernel that runs out of memory may be right.
    /// </summary>
    public const byte MaxKills = 10;

    /// <summary>
    /// So many nodes that were lost while a worker there held the item make it fail. More than for workers: a node takes others with it, which
    /// are not to blame.
    /// </summary>
    public const byte MaxNodeLosses = 5;

    /// <summary>
    /// So many workers that were ended for the memory that they took while they held the item alone make it fail. A second time, because the first worker
    /// may have had what earlier items left behind, or its node too little for all; fewer than for other losses, since each takes memory from others.
    /// </summary>
    public const byte MaxMemoryKills = 2;

    /// <summary>What becomes of items whose worker died.</summary>
    /// <param name="unanswered">The items, with the history of the chunk that held them.</param>
    /// <param name="wasAlone">The worker had only this item, so no other can be to blame.</param>
    /// <param name="wasKilled">A signal from outside ended the worker.</param>
    /// <param name="retry">How they go back.</param>
    /// <returns>False when the budget is used up, and the item fails.</returns>
    public static bool TryCharge(in PendingSegment unanswered, bool wasAlone, bool wasKilled, out PendingSegment retry)
    {
        retry = unanswered with
        {
            Attempt = unanswered.Attempt + 1,
            Losses = wasAlone && !wasKilled ? (byte)(unanswered.Losses + 1) : unanswered.Losses,
            Kills = wasAlone && wasKilled ? (byte)(unanswered.Kills + 1) : unanswered.Kills,
            Alone = true,
        };
        return retry.Losses < MaxLosses && retry.Kills < MaxKills;
    }

    /// <summary>What becomes of items whose worker was ended for the memory that it took.</summary>
    /// <param name="unanswered">The items, with the history of the chunk that held them.</param>
    /// <param name="wasAlone">The chunk had only this item, so no other can be to blame.</param>
    /// <param name="retry">How they go back.</param>
    /// <returns>False when the budget is used up, and the item fails.</returns>
    public static bool TryChargeMemory(in PendingSegment unanswered, bool wasAlone, out PendingSegment retry)
    {
        retry = unanswered with
        {
            Attempt = unanswered.Attempt + 1,
            MemoryKills = wasAlone ? (byte)(unanswered.MemoryKills + 1) : unanswered.MemoryKills,
            Alone = true,
        };
        return retry.MemoryKills < MaxMemoryKills;
    }

    /// <summary>What becomes of items whose node was lost while a worker held them.</summary>
    /// <param name="unanswered">The items, with the history of the chunk that held them.</param>
    /// <param name="retry">How they go back.</param>
    /// <returns>False when the budget is used up, and the items fail.</returns>
    public static bool TryChargeNode(in PendingSegment unanswered, out PendingSegment retry)
    {
        retry = unanswered with { Attempt = unanswered.Attempt + 1, NodeLosses = (byte)(unanswered.NodeLosses + 1), Alone = true };
        return retry.NodeLosses < MaxNodeLosses;
    }
}
