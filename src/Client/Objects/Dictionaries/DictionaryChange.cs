namespace Cluster.Client;

/// <summary>A change of a shared dictionary, or its whole content.</summary>
/// <typeparam name="TKey">Keys.</typeparam>
/// <typeparam name="TValue">Values.</typeparam>
public sealed record DictionaryChange<TKey, TValue>
    where TKey : notnull
{
    internal DictionaryChange(DictionaryChangeKind kind, long revision) => (Kind, Revision) = (kind, revision);

    /// <summary>What has happened.</summary>
    public DictionaryChangeKind Kind { get; }

    /// <summary>The revision of the change; the one at which the content of a <see cref="DictionaryChangeKind.Snapshot"/> was read.</summary>
    public long Revision { get; }

    /// <summary>The entry's key. Default where all entries are meant.</summary>
    public TKey Key { get; internal init; } = default!;

    /// <summary>What a <see cref="DictionaryChangeKind.Set"/> entry has now. Default otherwise.</summary>
    public TValue Value { get; internal init; } = default!;

    /// <summary>All entries, in the order in which they were added, of a <see cref="DictionaryChangeKind.Snapshot"/>. Empty otherwise.</summary>
    public IReadOnlyList<KeyValuePair<TKey, TValue>> Content { get; internal init; } = [];

    /// <summary>No further change of this revision follows: whoever goes on from <see cref="Revision"/> + 1 misses nothing. False but for the last of what was set together.</summary>
    public bool IsLastOfRevision { get; internal init; } = true;
}
