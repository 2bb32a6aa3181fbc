using Cluster.Client.Objects.Replicas;
using Cluster.Client.Objects.Values;
using Xunit;

namespace Cluster.Unit.Client.Objects.Replicas;

public sealed class HashTrieTests
{
    [Theory]
    [InlineData(0xffffffff)]
    [InlineData(0xf)]
    [InlineData(0xc0000000)]
    [InlineData(0)]
    public void It_does_what_a_dictionary_does_and_never_changes(uint mask)
    {
        var random = new Random(7);
        var trie = new HashTrie<int, int>(new Coarse(mask));
        var model = new Dictionary<int, int>();
        var kept = new List<(HashTrie<int, int> Trie, Dictionary<int, int> Model)>();
        for (var i = 0; i < 4000; i++)
        {
            var key = random.Next(200);
            if (random.Next(5) < 3)
            {
                trie = trie.With(Entry(trie, key, i));
                model[key] = i;
            }
            else
            {
                var without = trie.Without(key);
                Assert.Equal(model.Remove(key), without != trie);
                trie = without;
            }

            if (i % 500 == 0)
            {
                kept.Add((trie, new(model)));
                Check(trie.Of(trie.Entries.Select(entry => Entry(trie, entry.Key, entry.Value))), model);
            }
        }

        kept.Add((trie, model));
        kept.ForEach(static pair => Check(pair.Trie, pair.Model));
        Assert.Empty(model.Keys.Aggregate(trie, static (left, key) => left.Without(key)).Entries);
    }

    [Fact]
    public void Ten_thousand_entries_are_found()
    {
        var trie = new HashTrie<string, int>(null);
        trie = trie.Of(Enumerable.Range(0, 10_000).Select(i => new ReplicaEntry<string, int>($"key-{i}", trie.Hash($"key-{i}"), ValueCodec<int>.Encode(i))));

        Assert.Equal(10_000, trie.Count);
        Assert.All(Enumerable.Range(0, 10_000), i => Assert.Equal(i, trie.Find($"key-{i}")!.Value));
        Assert.Null(trie.Find("key-10000"));
    }

    private static void Check(HashTrie<int, int> trie, Dictionary<int, int> model)
    {
        Assert.Equal(model.Count, trie.Count);
        Assert.Equal(model.OrderBy(static pair => pair.Key), trie.Entries.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value)).OrderBy(static pair => pair.Key));
        Assert.All(Enumerable.Range(0, 200), key => Assert.Equal(model.TryGetValue(key, out var value) ? value : null, trie.Find(key)?.Value));
    }

    private static ReplicaEntry<int, int> Entry(HashTrie<int, int> trie, int key, int value) => new(key, trie.Hash(key), ValueCodec<int>.Encode(value));

    /// <summary>Keys with the same hash, or with hashes that differ in few digits.</summary>
    private sealed class Coarse(uint mask) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x == y;

        public int GetHashCode(int obj) => (int)((uint)(obj * 0x9E3779B9) & mask);
    }
}
