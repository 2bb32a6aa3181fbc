namespace Cluster.Client.Objects.Replicas;

/// <summary>
/// A dictionary that never changes: a changed one is another, which shares most of itself with the one before. Finding takes a few steps, whatever its size, and no lock.
/// </summary>
internal sealed class HashTrie<TKey, TValue>
    where TKey : notnull
{
    private readonly TrieNode<TKey, TValue> _root;

    // Null where the keys' own equality will do: then there is nothing between.
    private readonly IEqualityComparer<TKey>? _comparer;

    /// <summary>One that has nothing.</summary>
    /// <param name="comparer">Which keys are the same; null: those that are equal.</param>
    public HashTrie(IEqualityComparer<TKey>? comparer)
        : this(TrieNode<TKey, TValue>.Empty, 0, comparer)
    {
    }

    private HashTrie(TrieNode<TKey, TValue> root, int count, IEqualityComparer<TKey>? comparer) => (_root, Count, _comparer) = (root, count, comparer);

    public int Count { get; }

    /// <summary>All entries, in no particular order.</summary>
    public IEnumerable<ReplicaEntry<TKey, TValue>> Entries
    {
        get
        {
            var nodes = new Stack<TrieNode<TKey, TValue>>([_root]);
            while (nodes.TryPop(out var node))
            {
                foreach (var first in node.Entries)
                {
                    for (var entry = first; entry is not null; entry = entry.Next)
                    {
                        yield return entry;
                    }
                }

                foreach (var below in node.Nodes)
                {
                    nodes.Push(below);
                }
            }
        }
    }

    private IEqualityComparer<TKey> Comparer => _comparer ?? EqualityComparer<TKey>.Default;

    /// <summary>An entry; null: there is none.</summary>
    public ReplicaEntry<TKey, TValue>? Find(TKey key)
    {
        var hash = Hash(key);
        var node = _root;
        for (var rest = (uint)hash; ; rest >>= TrieDigit.Bits)
        {
            var bit = TrieDigit.Bit((int)rest, 0);
            if ((node.EntryMap & bit) != 0)
            {
                var entry = node.Entries[TrieDigit.Index(node.EntryMap, bit)];
                return entry.Hash != hash ? null : AreSame(entry.Key, key) ? entry : entry.Next?.Find(key, Comparer);
            }

            if ((node.NodeMap & bit) == 0)
            {
                return null;
            }

            node = node.Nodes[TrieDigit.Index(node.NodeMap, bit)];
        }
    }

    /// <summary>One of entries with different keys.</summary>
    public HashTrie<TKey, TValue> Of(IEnumerable<ReplicaEntry<TKey, TValue>> entries)
    {
        var byHash = new Dictionary<int, ReplicaEntry<TKey, TValue>>();
        var count = 0;
        foreach (var entry in entries)
        {
            byHash[entry.Hash] = entry.Before(byHash.GetValueOrDefault(entry.Hash));
            count++;
        }

        return new(TrieNode<TKey, TValue>.Of(byHash.Values.ToArray(), 0), count, _comparer);
    }

    /// <summary>One that has an entry, in place of the one of its key.</summary>
    public HashTrie<TKey, TValue> With(ReplicaEntry<TKey, TValue> entry) =>
        new(_root.With(entry, 0, Comparer), Find(entry.Key) is null ? Count + 1 : Count, _comparer);

    /// <summary>One that does not have a key.</summary>
    public HashTrie<TKey, TValue> Without(TKey key)
    {
        var root = _root.Without(key, Hash(key), 0, Comparer);
        return root == _root ? this : new(root, Count - 1, _comparer);
    }

    /// <summary>The hash of a key.</summary>
    public int Hash(TKey key) => _comparer is null ? key.GetHashCode() : _comparer.GetHashCode(key);

    private bool AreSame(TKey one, TKey other) =>
        _comparer is not null ? _comparer.Equals(one, other)
        : typeof(TKey).IsValueType ? EqualityComparer<TKey>.Default.Equals(one, other)
        : one.Equals(other);
}
