namespace Cluster.Simulation;

/// <summary>What the ledger knows about chunks that are called back, and what it thinks of it.</summary>
internal sealed class RecallBook(VirtualClock clock)
{
    // What went out a moment ago is on its way, and a recall would only delay it.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);

    // A moment, a tick, and rounding.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(23);

    /// <summary>How many have neither come nor begun.</summary>
    public int Outstanding { get; private set; }

    /// <summary>A chunk is called back for the sake of an idle slot.</summary>
    /// <returns>What is wrong with that; null: nothing.</returns>
    public string? Check(ChunkBook chunk, IEnumerable<NodeBook> nodes)
    {
        if (!chunk.IsStuck || clock.Now - chunk.SentAt < Moment - TimeSpan.FromMicroseconds(1))
        {
            return $"{chunk.Id} called back from {chunk.Node.Terms.Name} though it is about to begin, or cannot go elsewhere";
        }

        return nodes.Where(chunk.MayRunOn).Sum(node => node.IdleSlots) == 0 || Outstanding >= nodes.Sum(node => node.IdleSlots)
            ? $"{chunk.Id} called back though no slot is idle for it ({Outstanding} others are)"
            : null;
    }

    /// <summary>A chunk has been called back.</summary>
    public void Add(ChunkBook chunk)
    {
        chunk.IsRecalled = true;
        chunk.Node.Recalled++;
        Outstanding++;
    }

    /// <summary>A chunk has begun, or is back.</summary>
    public void Remove(ChunkBook chunk)
    {
        if (chunk.IsRecalled)
        {
            chunk.IsRecalled = false;
            chunk.Node.Recalled--;
            Outstanding--;
        }
    }

    /// <summary>A chunk that waits behind others while a slot has been idle for it; null: there is none.</summary>
    public ChunkBook? FindForgotten(IEnumerable<ChunkBook> chunks, IEnumerable<NodeBook> nodes)
    {
        NodeBook[] idle = [.. nodes.Where(node => node.IdleFor > Patience)];
        ChunkBook? forgotten = null;
        foreach (ChunkBook chunk in chunks)
        {
            chunk.StuckSince = chunk.IsStuck ? chunk.StuckSince ?? clock.Now : null;

            // While a recall is under way, or lost with its node, the slot is spoken for.
            if (Outstanding == 0 && clock.Now - chunk.StuckSince > Patience && idle.Any(chunk.MayRunOn))
            {
                forgotten = chunk;
            }
        }

        return forgotten;
    }
}
