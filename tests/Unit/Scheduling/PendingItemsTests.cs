using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

public sealed class PendingItemsTests
{
    [Fact]
    public void Inputs_that_trickle_in_are_kept_as_one_range()
    {
        PendingItems pending = new();
        for (ulong i = 0; i < 10_000; i++)
        {
            pending.Add(new PendingSegment(new ItemRange(i, 1), 8));
        }

        Assert.Equal(1, pending.SegmentCount);
        Assert.Equal(10_000UL, pending.Count);
        Assert.Equal(new ItemRange(0, 10_000), pending.Take(ulong.MaxValue, double.MaxValue).Items);
    }

    [Fact]
    public void Bytes_limit_what_is_taken_but_one_item_always_goes()
    {
        PendingItems pending = new();
        pending.Add(new PendingSegment(new ItemRange(0, 100), 10));
        pending.Add(new PendingSegment(new ItemRange(100, 3), 5000));

        Assert.Equal(new ItemRange(0, 50), pending.Take(100, 500).Items);
        Assert.Equal(new ItemRange(50, 50), pending.Take(100, 4000).Items);
        Assert.Equal(new ItemRange(100, 1), pending.Take(100, 4000).Items);
        Assert.Equal(new ItemRange(101, 2), pending.Take(100, 10_000).Items);
    }

    [Fact]
    public void A_chunk_spans_batches_of_different_item_sizes()
    {
        PendingItems pending = new();
        pending.Add(new PendingSegment(new ItemRange(0, 10), 10));
        pending.Add(new PendingSegment(new ItemRange(10, 10), 1000));

        PendingSegment taken = pending.Take(15, 1 << 20);
        Assert.Equal(new ItemRange(0, 15), taken.Items);
        Assert.Equal(((10 * 10) + (5 * 1000)) / 15.0, taken.BytesPerItem, 3);
    }

    [Fact]
    public void Items_that_come_back_without_an_attempt_go_first_and_are_filled_up_with_fresh_ones()
    {
        PendingItems pending = new();
        pending.Add(new PendingSegment(new ItemRange(10, 10), 1));
        pending.Add(new PendingSegment(new ItemRange(5, 5), 1, WasOut: true));
        Assert.True(pending.StartsWithReturned);
        Assert.Equal(new ItemRange(5, 8), pending.Take(8, 1000).Items);
        Assert.False(pending.StartsWithReturned);
    }

    [Fact]
    public void Items_that_come_back_go_first_and_do_not_mix_with_fresh_ones()
    {
        PendingItems pending = new();
        pending.Add(new PendingSegment(new ItemRange(10, 10), 1));
        Assert.False(pending.StartsWithReturned);
        pending.Add(new PendingSegment(new ItemRange(5, 5), 1, Attempt: 2, WasOut: true));

        Assert.True(pending.StartsWithReturned);
        PendingSegment retry = pending.Take(100, 1000);
        Assert.Equal((new ItemRange(5, 5), 2U), (retry.Items, retry.Attempt));
        Assert.Equal((new ItemRange(10, 10), 1U), (pending.Take(100, 1000).Items, 1U));
    }

    [Fact]
    public void Items_of_a_lost_worker_go_alone()
    {
        PendingItems pending = new();
        pending.Add(new PendingSegment(new ItemRange(0, 3), 1, Attempt: 2, Alone: true));

        Assert.Equal([0UL, 1UL, 2UL], new[] { pending.Take(9, 9).Items, pending.Take(9, 9).Items, pending.Take(9, 9).Items }.Select(items => items.First));
        Assert.Equal(0UL, pending.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Behaves_like_a_sorted_set_of_items(int seed)
    {
        Random random = new(seed);
        PendingItems pending = new();
        SortedDictionary<ulong, uint> expected = [];
        Dictionary<ulong, uint> taken = [];
        ulong next = 0;
        for (int step = 0; step < 4000; step++)
        {
            switch (random.Next(5))
            {
                case 0:
                    ulong count = (ulong)random.Next(1, 20);
                    pending.Add(new PendingSegment(new ItemRange(next, count), random.Next(1, 100)));
                    for (; count > 0; count--)
                    {
                        expected.Add(next++, 1);
                    }

                    break;
                case 1 when taken.Count > 0:
                    (ulong index, uint attempt) = taken.ElementAt(random.Next(taken.Count));
                    taken.Remove(index);
                    pending.Add(new PendingSegment(new ItemRange(index, 1), 10, attempt + 1, Alone: random.Next(2) == 0));
                    expected.Add(index, attempt + 1);
                    break;
                case 2:
                    ItemRange range = new((ulong)random.NextInt64((long)next + 1), (ulong)random.Next(1, 10));
                    List<ItemRange> removed = [];
                    pending.Remove(range, removed);
                    ulong[] expectedRemoved = [.. expected.Keys.Where(i => i >= range.First && i < range.End)];
                    Assert.Equal(expectedRemoved, removed.SelectMany(r => Enumerable.Range(0, (int)r.Count).Select(o => r.First + (ulong)o)));
                    foreach (ulong i in expectedRemoved)
                    {
                        expected.Remove(i);
                    }

                    break;
                default:
                    if (expected.Count > 0)
                    {
                        PendingSegment segment = pending.Take((ulong)random.Next(1, 30), random.Next(1, 500));
                        Assert.Equal(expected.First().Key, segment.Items.First);
                        for (ulong i = segment.Items.First; i < segment.Items.End; i++)
                        {
                            Assert.True(expected.Remove(i, out uint seen) && seen == segment.Attempt, $"item {i} in attempt {segment.Attempt}");
                            taken.Add(i, segment.Attempt);
                        }
                    }

                    break;
            }

            Assert.Equal((ulong)expected.Count, pending.Count);
        }
    }
}
