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

    /// <summary>The connection to a node broke.</summary>
    Disconnect,

    /// <summary>A node whose connection broke came back with its work.</summary>
    Return,

    /// <summary>What a node had whose connection broke was run elsewhere too.</summary>
    CopyOfAway,

    /// <summary>An item failed because its workers were killed from outside, again and again.</summary>
    KilledTooOften,

    /// <summary>An item was tried again whose time was up.</summary>
    TriedAgain,

    /// <summary>Clients that all had work waiting were seen to get their shares, of so much that an unfair scheduler would have been found out.</summary>
    FairShare,
}
