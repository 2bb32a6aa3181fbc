namespace Cluster.Node.Workers.Assignment;

/// <summary>What is known about the running item of a chunk whose items have a limited time.</summary>
/// <param name="timeout">How long an attempt at an item may take.</param>
/// <param name="first">The first item.</param>
/// <param name="isAlone">The chunk has no other item.</param>
/// <param name="tries">How many attempts at it have failed before, by the count of the job's retry policy.</param>
internal sealed class ItemTiming(TimeSpan timeout, ulong first, bool isAlone, uint tries)
{
    public TimeSpan Timeout => timeout;

    internal bool IsAlone { get; } = isAlone;

    /// <summary>The first item without an answer: items run one after another, so that no other can be running.</summary>
    public ulong Index { get; internal set; } = first;

    /// <summary>It is known to be running. Otherwise later ones may be, since answers travel together.</summary>
    public bool IsCertain { get; internal set; } = isAlone;

    /// <summary>How many attempts at it have failed before the one that runs.</summary>
    public uint Tries { get; internal set; } = tries;

    /// <summary>How long the attempt ran, once it is decided that it took too long.</summary>
    public TimeSpan? Overdue { get; internal set; }

    /// <summary>When the attempt began, as far as known.</summary>
    internal TimeSpan Since { get; set; }

    /// <summary>When there must have been news.</summary>
    internal TimeSpan Due { get; set; }
}
