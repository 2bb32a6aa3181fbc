namespace Cluster.Client;

/// <summary>How a shared dictionary is written to.</summary>
public sealed record WriteOptions
{
    /// <summary>The entry goes by itself after this time. Default (null): it stays.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// The change is refused with <see cref="StaleFenceException"/> unless this lock is still held under its token: a process that was asleep for longer than its
    /// lease cannot overwrite what the next owner has done. Default (null): nothing is asked.
    /// </summary>
    public LockLease? Fence { get; init; }
}
