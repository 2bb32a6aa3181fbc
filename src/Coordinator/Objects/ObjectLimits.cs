namespace Cluster.Coordinator.Objects;

/// <summary>What clients may ask of the shared objects. Part of what a journal means: entries have to be replayed under the limits that they were written under.</summary>
internal sealed record ObjectLimits
{
    /// <summary>Bytes of one value or key.</summary>
    public int ValueBytes { get; init; } = 1 << 20;

    /// <summary>Characters of an object's name.</summary>
    public int NameLength { get; init; } = 512;

    /// <summary>Objects of all sessions.</summary>
    public int Objects { get; init; } = 1_000_000;

    /// <summary>Cells of one array.</summary>
    public int Cells { get; init; } = 16_777_216;

    /// <summary>Requests of one session that wait.</summary>
    public int Waiters { get; init; } = 65_536;

    /// <summary>Replies to one session that it has not acknowledged.</summary>
    public int KeptReplies { get; init; } = 65_536;

    /// <summary>Changes of one dictionary that are kept for watchers that come back.</summary>
    public int HistoryChanges { get; init; } = 16_384;

    /// <summary>Bytes of keys and values in these changes.</summary>
    public long HistoryBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of keys and values, and 16 for each entry, that are set together: watchers are told of them in one message.</summary>
    public int BatchBytes { get; init; } = 2 << 20;

    /// <summary>Bytes of keys and values in one reply of several.</summary>
    public int PageBytes { get; init; } = 1 << 20;
}
