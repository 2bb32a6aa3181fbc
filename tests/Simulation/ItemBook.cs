namespace Cluster.Simulation;

/// <summary>What the ledger knows about an item.</summary>
internal struct ItemBook
{
    /// <summary>The chunk that it is in; null while no node holds it.</summary>
    public ChunkBook? Chunk;

    public bool IsAnswered;

    /// <summary>The client has withdrawn it, perhaps before it came.</summary>
    public bool CancelRequested;

    /// <summary>The client has withdrawn it when it had come and had no answer.</summary>
    public bool IsWithdrawn;

    public byte Losses;
    public byte NodeLosses;
    public uint Attempt;
}
