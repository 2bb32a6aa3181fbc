namespace Cluster.Client.Objects.Replicas;

/// <summary>
/// A node of a <see cref="HashTrie{TKey, TValue}"/>: for each of 32 digits an entry, a node below, or nothing. Nodes never change: a changed tree shares all but the
/// path to what changed with the one before.
/// </summary>
internal sealed class TrieNode<TKey, TValue>
{
    public static readonly TrieNode<TKey, TValue> Empty = new(0, [], 0, []);

    /// <summary>Which digits have an entry.</summary>
    public readonly uint EntryMap;

    /// <summary>Which digits have a node.</summary>
    public readonly uint NodeMap;

    /// <summary>In the order of their digits.</summary>
    public readonly ReplicaEntry<TKey, TValue>[] Entries;

    /// <summary>In the order of their digits.</summary>
    public readonly TrieNode<TKey, TValue>[] Nodes;

    public TrieNode(uint entryMap, ReplicaEntry<TKey, TValue>[] entries, uint nodeMap, TrieNode<TKey, TValue>[] nodes)
    {
        (EntryMap, Entries, NodeMap, Nodes) = (entryMap, entries, nodeMap, nodes);
    }

    /// <summary>A node of entries with different hashes; those of one hash are behind each other.</summary>
    public static TrieNode<TKey, TValue> Of(ReadOnlySpan<ReplicaEntry<TKey, TValue>> entries, int shift)
    {
        Span<int> counts = stackalloc int[32];
        counts.Clear();
        foreach (var entry in entries)
        {
            counts[(entry.Hash >>> shift) & 31]++;
        }

        // By digit, in as many runs.
        var sorted = new ReplicaEntry<TKey, TValue>[entries.Length];
        Span<int> ends = stackalloc int[32];
        for (int digit = 0, end = 0; digit < 32; digit++)
        {
            ends[digit] = end;
            end += counts[digit];
        }

        foreach (var entry in entries)
        {
            sorted[ends[(entry.Hash >>> shift) & 31]++] = entry;
        }

        var (entryMap, nodeMap) = (0u, 0u);
        var own = new List<ReplicaEntry<TKey, TValue>>();
        var nodes = new List<TrieNode<TKey, TValue>>();
        for (var digit = 0; digit < 32; digit++)
        {
            var run = sorted.AsSpan(ends[digit] - counts[digit], counts[digit]);
            if (run.Length == 1)
            {
                entryMap |= 1u << digit;
                own.Add(run[0]);
            }
            else if (run.Length > 1)
            {
                nodeMap |= 1u << digit;
                nodes.Add(Of(run, shift + TrieDigit.Bits));
            }
        }

        return new(entryMap, [.. own], nodeMap, [.. nodes]);
    }

    /// <summary>With an entry, in place of the one of its key.</summary>
    public TrieNode<TKey, TValue> With(ReplicaEntry<TKey, TValue> entry, int shift, IEqualityComparer<TKey> comparer)
    {
        var bit = TrieDigit.Bit(entry.Hash, shift);
        if ((NodeMap & bit) != 0)
        {
            var below = TrieDigit.Index(NodeMap, bit);
            return new(EntryMap, Entries, NodeMap, Replaced(Nodes, below, Nodes[below].With(entry, shift + TrieDigit.Bits, comparer)));
        }

        var index = TrieDigit.Index(EntryMap, bit);
        if ((EntryMap & bit) == 0)
        {
            return new(EntryMap | bit, Inserted(Entries, index, entry), NodeMap, Nodes);
        }

        var there = Entries[index];
        return there.Hash == entry.Hash
            ? new(EntryMap, Replaced(Entries, index, entry.Before(there.Without(entry.Key, comparer))), NodeMap, Nodes)
            : new(EntryMap & ~bit, Removed(Entries, index), NodeMap | bit, Inserted(Nodes, TrieDigit.Index(NodeMap, bit), Of([there, entry], shift + TrieDigit.Bits)));
    }

    /// <summary>Without the entry of a key. This one, if there is none.</summary>
    public TrieNode<TKey, TValue> Without(TKey key, int hash, int shift, IEqualityComparer<TKey> comparer)
    {
        var bit = TrieDigit.Bit(hash, shift);
        if ((EntryMap & bit) != 0)
        {
            var index = TrieDigit.Index(EntryMap, bit);
            var there = Entries[index];
            var left = there.Hash == hash ? there.Without(key, comparer) : there;
            return left == there ? this
                : left is null ? new(EntryMap & ~bit, Removed(Entries, index), NodeMap, Nodes)
                : new(EntryMap, Replaced(Entries, index, left), NodeMap, Nodes);
        }

        if ((NodeMap & bit) == 0)
        {
            return this;
        }

        var below = TrieDigit.Index(NodeMap, bit);
        var node = Nodes[below].Without(key, hash, shift + TrieDigit.Bits, comparer);
        return node == Nodes[below] ? this

            // What is alone moves up: a tree is as deep as its content needs.
            : node.NodeMap == 0 && node.Entries.Length == 1
                ? new(EntryMap | bit, Inserted(Entries, TrieDigit.Index(EntryMap, bit), node.Entries[0]), NodeMap & ~bit, Removed(Nodes, below))
                : new(EntryMap, Entries, NodeMap, Replaced(Nodes, below, node));
    }

    private static T[] Inserted<T>(T[] items, int index, T item) => [.. items.AsSpan(0, index), item, .. items.AsSpan(index)];

    private static T[] Replaced<T>(T[] items, int index, T item)
    {
        var copy = items.AsSpan().ToArray();
        copy[index] = item;
        return copy;
    }

    private static T[] Removed<T>(T[] items, int index) => [.. items.AsSpan(0, index), .. items.AsSpan(index + 1)];
}
