namespace Cluster.Simulation.Wire;

/// <summary>What has to happen in some seeds.</summary>
internal enum WireOccurrence
{
    /// <summary>A session went on with another connection.</summary>
    SessionResumed,

    /// <summary>A session ended because its node did not come back in time, or came anew.</summary>
    SessionLost,

    /// <summary>Messages had to be said again on a new connection.</summary>
    SaidAgain,

    /// <summary>Messages of an old connection arrived after the new one had begun.</summary>
    Late,

    /// <summary>A connection fell silent without an end.</summary>
    Silence,

    /// <summary>A job was opened again.</summary>
    OpenedAgain,

    /// <summary>A client skipped what was answered.</summary>
    Skipped,

    /// <summary>The coordinator was started again.</summary>
    Restart,

    /// <summary>An item was cancelled.</summary>
    Cancelled,
}
