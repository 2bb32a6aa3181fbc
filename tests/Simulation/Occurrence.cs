namespace Cluster.Simulation;

/// <summary>What has to happen in some seeds, beside what the scheduler itself names.</summary>
internal enum Occurrence
{
    /// <summary>A node was told to leave.</summary>
    Drain,

    /// <summary>The coordinator forgot everything.</summary>
    Restart,

    /// <summary>A client had answers already.</summary>
    Skip,

    /// <summary>A straggler was run a second time.</summary>
    Copy,
}
