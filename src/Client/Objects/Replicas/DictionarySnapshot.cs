using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Cluster.Client.Objects.Replicas;
using Cluster.Client.Objects.Values;
using Cluster.Client.Objects.Watching;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>A shared dictionary as it was at one revision. Never changes; in no particular order. Thread-safe.</summary>
/// <typeparam name="TKey">Keys.</typeparam>
/// <typeparam name="TValue">Values. All readers get the same ones: do not change them.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "It is a dictionary's.")]
public sealed class DictionarySnapshot<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    private readonly HashTrie<TKey, TValue> _entries;

    private DictionarySnapshot(HashTrie<TKey, TValue> entries, ulong revision) => (_entries, Revision) = (entries, (long)revision);

    /// <summary>The revision: everything up to it is here, and nothing beyond.</summary>
    public long Revision { get; }

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public IEnumerable<TKey> Keys => _entries.Entries.Select(static entry => entry.Key);

    /// <inheritdoc/>
    public IEnumerable<TValue> Values => _entries.Entries.Select(static entry => entry.Value);

    internal static DictionarySnapshot<TKey, TValue> Empty { get; } = new(new HashTrie<TKey, TValue>(WrittenKeys<TKey>.Comparer), 0);

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">There is no such entry.</exception>
    /// <exception cref="ClusterException">What is there cannot be read as such a value.</exception>
    public TValue this[TKey key] => _entries.Find(key) is { } entry ? entry.Value : throw new KeyNotFoundException($"The dictionary had no entry '{key}' at revision {Revision}.");

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => _entries.Find(key) is not null;

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_entries.Find(key) is { } entry)
        {
            value = entry.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _entries.Entries.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value)).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>After what a watch has told.</summary>
    internal DictionarySnapshot<TKey, TValue> After(FeedPortion portion)
    {
        var entries = _entries;
        if (portion.IsContent)
        {
            return new(entries.Of(portion.Changes.Select(Entry)), portion.Revision);
        }

        foreach (var change in portion.Changes)
        {
            entries = change.Kind switch
            {
                DictChangeKind.Set => entries.With(Entry(change)),
                DictChangeKind.Cleared => Empty._entries,
                _ => entries.Without(KeyCodec<TKey>.Decode(change.Key)),
            };
        }

        return new(entries, portion.Revision);
    }

    private ReplicaEntry<TKey, TValue> Entry(DictChange change)
    {
        var key = KeyCodec<TKey>.Decode(change.Key);
        return new(key, _entries.Hash(key), change.Value);
    }
}
