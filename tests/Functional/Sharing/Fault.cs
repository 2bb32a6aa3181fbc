namespace Cluster.Functional.Sharing;

/// <summary>What goes wrong while others work.</summary>
public enum Fault
{
    /// <summary>All connections are reset.</summary>
    Break,

    /// <summary>The coordinator is killed, and started again on its journal.</summary>
    Kill,
}
