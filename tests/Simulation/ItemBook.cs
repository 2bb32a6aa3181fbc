namespace Cluster.Simulation;

/// <summary>What the ledger knows about an item.</summary>
internal struct ItemBook
{
    public bool IsAnswered;
    public bool IsOut;
    public bool CancelRequested;
    public byte Losses;
    public uint Attempt;
}
