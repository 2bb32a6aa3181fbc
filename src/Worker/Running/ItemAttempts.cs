namespace Cluster.Worker.Running;

/// <summary>How often the function has been called on an item.</summary>
/// <param name="clock">The clock of its chunk, if its time is limited.</param>
/// <param name="carried">How many attempts failed in other workers, by the count of the job's retry policy.</param>
internal sealed class ItemAttempts(ItemClock? clock, uint carried)
{
    private uint _begun;

    public ItemClock? Clock => clock;

    /// <summary>How many attempts have failed before the one that runs.</summary>
    public uint Failed => _begun == 0 ? carried : _begun - 1;

    /// <summary>How often the function was called here before the call that runs.</summary>
    public uint FailedHere => Failed - carried;

    /// <summary>Another attempt begins.</summary>
    /// <returns>False: it is one of those that have failed already.</returns>
    public bool TryBegin() => ++_begun > carried;

    /// <summary>Whether an attempt, counted from 0, was made in another worker.</summary>
    public bool IsCarried(int attempt) => attempt < carried;
}
