namespace Cluster.Coordinator.Journal;

/// <summary>A kind of file in a journal.</summary>
internal enum FileKind : uint
{
    /// <summary>Records, in order.</summary>
    Segment = 1,

    /// <summary>What all records up to one amount to.</summary>
    Snapshot = 2,
}
