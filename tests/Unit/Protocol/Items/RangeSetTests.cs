using Xunit;

namespace Cluster.Unit.Protocol.Items;

public sealed class RangeSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Behaves_like_a_set_of_indices(int seed)
    {
        Random random = new(seed);
        RangeSet set = new();
        SortedSet<ulong> expected = [];
        for (int step = 0; step < 3000; step++)
        {
            ItemRange range = new((ulong)random.Next(80), (ulong)random.Next(12));
            ulong[] indices = Indices([range]);
            if (random.Next(2) == 0)
            {
                set.Add(range);
                expected.UnionWith(indices);
            }
            else
            {
                List<ItemRange> removed = [];
                set.Remove(range, removed);
                Assert.Equal(indices.Where(expected.Contains), Indices(removed));
                expected.ExceptWith(indices);
            }

            Assert.Equal(expected, Indices(Enumerable.Range(0, set.RangeCount).Select(position => set[position])));
            Assert.Equal((ulong)expected.Count, set.Count);
            Assert.Equal(expected.Contains(range.First), set.Contains(range.First));
            for (int i = 1; i < set.RangeCount; i++)
            {
                Assert.True(set[i].First > set[i - 1].End, "ranges touch");
            }
        }
    }

    [Fact]
    public void Answers_in_order_take_no_memory_per_item()
    {
        RangeSet set = new();
        set.Add(new ItemRange(0, 1_000_000));
        for (ulong i = 0; i < 1000; i++)
        {
            set.Remove(new ItemRange(i * 1000, 1000));
            Assert.True(set.RangeCount <= 1);
        }

        Assert.Equal(0UL, set.Count);
    }

    private static ulong[] Indices(IEnumerable<ItemRange> ranges) =>
        [.. ranges.SelectMany(range => Enumerable.Range(0, (int)range.Count).Select(offset => range.First + (ulong)offset))];
}
