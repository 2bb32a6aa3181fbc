namespace Cluster.Coordinator.Objects.Waiting;

/// <summary>How waiting for a condition came to its end.</summary>
internal enum WaitOutcome
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>It was notified.</summary>
    Notified,

    /// <summary>Its time was up.</summary>
    TimedOut,

    /// <summary>Its caller gave up.</summary>
    Cancelled,

    /// <summary>The condition was deleted.</summary>
    Deleted,
}
