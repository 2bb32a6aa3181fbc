using Cluster.Coordinator.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Jobs;

/// <summary>What is kept of a job's inputs, and for how long.</summary>
public sealed class InputStoreTests
{
    private readonly InputStore _store = new(Format.Raw, sizeof(long), new InputLimits { MaxBytes = 1 << 20 });

    [Fact]
    public void A_range_across_batches_is_cut_from_each_of_them()
    {
        Add(0, 10);
        Add(10, 5);
        Add(15, 10);
        Assert.Equal([3L, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], Cut(3, 14));
        Assert.Equal([15L], Cut(15, 1));
    }

    [Fact]
    public void Whoever_brings_them_from_a_file_waits_for_room_in_a_window_of_their_own()
    {
        const long Charge = 1000;
        Assert.Null(_store.WaitForRoom(long.MaxValue / 2, Charge, maxItems: 1));
        Add(0, 10);
        Assert.Null(_store.WaitForRoom(1, 1 << 20, maxItems: 11));
        var bytes = _store.WaitForRoom(Charge, Charge, maxItems: 100);
        var items = _store.WaitForRoom(1, 1 << 20, maxItems: 10);
        Assert.Equal((false, false), (bytes!.IsCompleted, items!.IsCompleted));
        _store.Release(new ItemRange(0, 1));
        Assert.Equal((true, true), (bytes.IsCompleted, items.IsCompleted));
        Assert.Null(_store.WaitForRoom(1, 1 << 20, maxItems: 10));
        var rest = _store.WaitForRoom(Charge, Charge, maxItems: 100);
        _store.Clear();
        Assert.True(rest!.IsCompleted);
        Assert.Null(_store.WaitForRoom(Charge, Charge, maxItems: 100));
    }

    [Fact]
    public void A_whole_batch_is_handed_out_as_it_came()
    {
        var batch = RawBatches.Of(0, 10);
        Assert.Null(_store.Append(batch, out var complete));
        Assert.Equal(10UL, complete);
        var cut = new List<Batch>();
        _store.Cut(new ItemRange(0, 10), cut);
        Assert.Same(batch, Assert.Single(cut));
    }

    [Fact]
    public void Bytes_are_freed_exactly_as_items_are_answered_in_any_order()
    {
        for (ulong batch = 0; batch < 100; batch++)
        {
            Add(batch * 10, 10);
        }

        var items = Enumerable.Range(0, 1000).ToArray();
        new Random(5).Shuffle(items);
        for (var answered = 0; answered < items.Length; answered++)
        {
            _store.Release(new ItemRange((ulong)items[answered], 1));
            var batches = items.Skip(answered + 1).Select(item => item / 10).Distinct().Count();
            Assert.Equal(((999 - answered) * 8L) + (batches * (long)InFlightCharge.PerBatch), _store.Bytes);
            Assert.Equal((ulong)(999 - answered), _store.Items);
        }

        Add(1000, 10);
        Assert.Equal([1004L, 1005], Cut(1004, 2));
    }

    [Fact]
    public void Items_of_different_sizes_are_accounted_by_their_own()
    {
        var store = new InputStore(Format.Utf8, 0, new InputLimits());
        var lengths = new byte[12];
        (lengths[0], lengths[4], lengths[8]) = (1, 5, 2);
        Assert.Null(store.Append(new Batch { Count = 3, Format = Format.Utf8, Lengths = ByteString.CopyFrom(lengths), Payload = ByteString.CopyFromUtf8("abbbbbcc") }, out _));
        store.Release(new ItemRange(2, 1));
        Assert.Equal(InFlightCharge.PerBatch + 4 + 1 + 4 + 5, store.Bytes);
        store.Release(new ItemRange(0, 1));
        Assert.Equal(InFlightCharge.PerBatch + 4 + 5, store.Bytes);
        store.Release(new ItemRange(1, 1));
        Assert.Equal(0, store.Bytes);
    }

    [Fact]
    public void A_large_item_is_there_when_its_last_fragment_is_and_alone_may_exceed_the_budget()
    {
        var store = new InputStore(Format.Bytes, 0, new InputLimits { MaxBytes = 100, MaxItemBytes = 1000 });
        Assert.Null(store.Append(Fragment(0, 300, 0, 200), out var complete));
        Assert.Equal(0UL, complete);
        Assert.Null(store.Append(Fragment(0, 300, 200, 100), out complete));
        Assert.Equal(1UL, complete);
        Assert.Equal((300L + (2 * InFlightCharge.PerBatch), 1UL), (store.Bytes, store.Items));
        Assert.Contains("1069 bytes of inputs in 2 items", store.Append(Fragment(1, 2, 0, 1), out _), StringComparison.Ordinal);

        var cut = new List<Batch>();
        store.Cut(new ItemRange(0, 1), cut);
        Assert.Equal([0UL, 200], cut.ConvertAll(batch => batch.FragmentOffset));
        store.Release(new ItemRange(0, 1));
        Assert.Equal((0L, 0UL), (store.Bytes, store.Items));
        Assert.Null(store.Append(Fragment(1, 2, 0, 1), out _));
        Assert.Contains("1 of its 2 bytes", store.End(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Fragments_follow_each_other()
    {
        var store = new InputStore(Format.Bytes, 0, new InputLimits());
        Assert.NotNull(store.Append(Fragment(0, 30, 10, 10), out _));
        Assert.Null(store.Append(Fragment(0, 30, 0, 10), out _));
        Assert.NotNull(store.Append(Fragment(0, 30, 20, 10), out _));
        Assert.NotNull(store.Append(Fragment(0, 31, 10, 10), out _));
        Assert.NotNull(store.Append(Fragment(1, 30, 0, 10), out _));
        Assert.Null(store.Append(Fragment(0, 30, 10, 20), out _));
    }

    [Fact]
    public void No_more_items_come_than_are_pinned()
    {
        var store = new InputStore(Format.Raw, sizeof(long), new InputLimits { TotalItems = 3 });
        Assert.Null(store.Append(RawBatches.Of(0, 2), out _));
        Assert.Contains("3 items only", store.Append(RawBatches.Of(2, 2), out _), StringComparison.Ordinal);
        Assert.Null(store.Append(RawBatches.Of(2, 1), out _));
        Assert.Null(store.End(3));
        Assert.NotNull(store.End(4));
    }

    [Fact]
    public void Empty_items_count_their_lengths_and_batches()
    {
        var store = new InputStore(Format.Utf8, 0, new InputLimits { MaxBytes = 10_000 });
        Assert.Null(store.Append(Empty(0, 2000), out _));
        Assert.Equal((4 * 2000) + InFlightCharge.PerBatch, store.Bytes);
        Assert.Contains("12256 bytes", store.Append(Empty(2000, 936), out _), StringComparison.Ordinal);
        Assert.Null(store.Append(Empty(2000, 300), out _));
        store.Release(new ItemRange(0, 2300));
        Assert.Equal(0, store.Bytes);
    }

    [Fact]
    public void Items_without_any_content_are_bounded_by_their_number()
    {
        var store = new InputStore(Format.Raw, 0, new InputLimits { MaxItems = 1000 });
        Assert.Null(store.Append(Nothing(0, 900), out _));
        Assert.Contains("1001 items", store.Append(Nothing(900, 101), out _), StringComparison.Ordinal);
        store.Release(new ItemRange(0, 500));
        Assert.Contains("`max_items_in_flight`", store.Append(Nothing(900, 101), out _, owed: 500), StringComparison.Ordinal);
        Assert.Null(store.Append(Nothing(900, 101), out _, owed: 499));
    }

    [Fact]
    public void One_slow_item_keeps_nothing_of_those_answered_after_it()
    {
        Add(0, 1);
        for (ulong first = 1; first < 10_000; first++)
        {
            Add(first, 1);
            _store.Release(new ItemRange(first, 1));
            Assert.InRange(_store.Segments, 1, 100);
        }

        Assert.Equal([0L], Cut(0, 1));
        _store.Release(new ItemRange(0, 1));
        Assert.Equal((0L, 0UL), (_store.Bytes, _store.Items));
        Add(10_000, 1);
        Assert.Equal([10_000L], Cut(10_000, 1));
    }

    [Fact]
    public void A_large_item_does_not_come_in_crumbs()
    {
        var store = new InputStore(Format.Bytes, 0, new InputLimits { MaxItemBytes = 10 * InFlightCharge.PerBatch });
        for (ulong offset = 0; offset < 10; offset++)
        {
            Assert.Null(store.Append(Fragment(0, 1000, offset, 1), out _));
        }

        Assert.Contains("11 fragments", store.Append(Fragment(0, 1000, 10, 1), out _), StringComparison.Ordinal);
    }

    [Fact]
    public void Skipped_items_take_no_room_and_the_next_one_follows_them()
    {
        Assert.Null(_store.Skip(new ItemRange(0, 1_000_000_000_000)));
        Add(1_000_000_000_000, 2);
        Assert.Null(_store.Skip(new ItemRange(1_000_000_000_002, 3)));
        Add(1_000_000_000_005, 1);
        Assert.Equal(3UL, _store.Items);
        Assert.Equal([1_000_000_000_005L], Cut(1_000_000_000_005, 1));
        Assert.Contains("counts 3 items, but 1000000000006 came", _store.End(3), StringComparison.Ordinal);
        Assert.Null(_store.End(1_000_000_000_006));
    }

    [Fact]
    public void Only_the_next_items_are_skipped()
    {
        var store = new InputStore(Format.Bytes, 0, new InputLimits { TotalItems = 5 });
        Assert.Contains("begins at item 1, but the next item is 0", store.Skip(new ItemRange(1, 1)), StringComparison.Ordinal);
        Assert.Contains("5 items only", store.Skip(new ItemRange(0, 6)), StringComparison.Ordinal);
        Assert.Null(store.Append(Fragment(0, 30, 0, 10), out _));
        Assert.Contains("10 of 30 bytes of item 0", store.Skip(new ItemRange(0, 1)), StringComparison.Ordinal);
        Assert.Null(store.Append(Fragment(0, 30, 10, 20), out _));
        Assert.Null(store.Skip(new ItemRange(1, 4)));
        Assert.Null(store.End(5));
    }

    [Fact]
    public void Indices_do_not_overflow()
    {
        Assert.Null(_store.Skip(new ItemRange(0, ulong.MaxValue)));
        Assert.Contains("exceed 64 bits", _store.Skip(new ItemRange(ulong.MaxValue, 1)), StringComparison.Ordinal);
    }

    private static Batch Empty(ulong first, int count) =>
        new() { First = first, Count = (uint)count, Format = Format.Utf8, Lengths = ByteString.CopyFrom(new byte[count * sizeof(uint)]) };

    private static Batch Nothing(ulong first, int count) => new() { First = first, Count = (uint)count, Format = Format.Raw };

    private void Add(ulong first, int count)
    {
        Assert.Null(_store.Append(RawBatches.Of(first, count), out var complete));
        Assert.Equal((ulong)count, complete);
    }

    private long[] Cut(ulong first, ulong count)
    {
        var cut = new List<Batch>();
        _store.Cut(new ItemRange(first, count), cut);
        return [.. cut.SelectMany(RawBatches.Read)];
    }

    private static Batch Fragment(ulong item, ulong total, ulong offset, int length) =>
        new() { First = item, Count = 1, Format = Format.Bytes, FragmentTotal = total, FragmentOffset = offset, Payload = ByteString.CopyFrom(new byte[length]) };
}
