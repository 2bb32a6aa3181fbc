namespace Cluster.Simulation;

/// <summary>What the ledger knows about an item.</summary>
internal struct ItemBook
{
    /// <summary>The chunk that it is in; null while no node holds it.</summary>
    public ChunkBook? Chunk;

    /// <summary>The chunk that it is in too, on an idle slot; null while there is none.</summary>
    public ChunkBook? Copy;

    public bool IsAnswered;

    /// <summary>The client has withdrawn it, perhaps before it came.</summary>
    public bool CancelRequested;

    /// <summary>The client has withdrawn it when it had come and had no answer.</summary>
    public bool IsWithdrawn;

    /// <summary>Both copies went with one node: which of the two was charged is the scheduler's business.</summary>
    public bool IsChargeOpen;

    /// <summary>A worker or a node was lost with it, or its time was up: from then on it goes alone.</summary>
    public bool IsSuspicious;

    public byte Losses;
    public byte Kills;
    public byte MemoryKills;
    public byte NodeLosses;
    public uint Tries;
    public uint Attempt;

    /// <summary>The chunks that it is in.</summary>
    public readonly void ForEachHolder(Action<ChunkBook> what)
    {
        if (Chunk is not null)
        {
            what(Chunk);
        }

        if (Copy is not null)
        {
            what(Copy);
        }
    }
}
