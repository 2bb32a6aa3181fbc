using Cluster.Coordinator.Detached.Programs;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Detached.Programs;

/// <summary>What of a submission's items is new.</summary>
public sealed class ItemSequenceTests
{
    [Fact]
    public void What_is_stored_already_is_left_out()
    {
        var items = Sequence(stored: 5);
        Assert.Null(items.Skip(new ItemRange(0, 2)));
        Assert.Null(items.Take(RawBatches.Of(2, 2), out var store, out var complete));
        Assert.Equal((null, new ItemRange(2, 2)), (store, complete));
        Assert.Null(items.Take(RawBatches.Of(4, 3), out store, out complete));
        Assert.Equal((5UL, 2U, new ItemRange(4, 3)), (store!.First, store.Count, complete));
        Assert.Equal([5L, 6], RawBatches.Read(store));
        Assert.Equal(7UL, items.Stored);
        Assert.Null(items.End(7));
    }

    [Fact]
    public void A_large_item_is_stored_with_its_last_fragment()
    {
        var items = new ItemSequence(new JobSpec { InputFormat = Format.Bytes }, 100, 100, stored: 0);
        Assert.Null(items.Take(Fragment(0, 0, 6), out var store, out var complete));
        Assert.Equal((true, 0UL, 0UL), (items.IsWithinItem, complete.Count, items.Stored));
        Assert.NotNull(store);
        Assert.Contains("within item 0", items.End(1), StringComparison.Ordinal);
        Assert.Contains("part", items.Skip(new ItemRange(0, 1)), StringComparison.Ordinal);
        Assert.Contains("byte 6, was next", items.Take(Fragment(0, 5, 1), out _, out _), StringComparison.Ordinal);
        Assert.Null(items.Take(Fragment(0, 6, 4), out _, out complete));
        Assert.Equal((new ItemRange(0, 1), 1UL, false), (complete, items.Stored, items.IsWithinItem));

        // Of an item that is there, the fragments are dropped.
        var again = new ItemSequence(new JobSpec { InputFormat = Format.Bytes }, 100, 100, stored: 1);
        Assert.Null(again.Take(Fragment(0, 0, 6), out store, out _));
        Assert.Null(store);
        Assert.Null(again.Take(Fragment(0, 6, 4), out store, out complete));
        Assert.Equal((null, 1UL), (store, complete.Count));
    }

    [Fact]
    public void What_breaks_the_order_or_the_bounds_is_said()
    {
        Assert.Contains("item 3, byte 0, came where item 0", Sequence().Take(RawBatches.Of(3, 1), out _, out _), StringComparison.Ordinal);
        Assert.Contains("more than 4 items", Sequence(max: 4).Take(RawBatches.Of(0, 5), out _, out _), StringComparison.Ordinal);
        Assert.Contains("only 2 are", Sequence(stored: 2).Skip(new ItemRange(0, 3)), StringComparison.Ordinal);
        Assert.Contains("begins at item 1", Sequence(stored: 2).Skip(new ItemRange(1, 1)), StringComparison.Ordinal);
        Assert.Contains("counts 1 items", Sequence().End(1), StringComparison.Ordinal);
        Assert.Contains("2 are stored", Sequence(stored: 2).End(0), StringComparison.Ordinal);
        Assert.Contains("format", Sequence().Take(Fragment(0, 0, 1), out _, out _), StringComparison.Ordinal);
    }

    private static ItemSequence Sequence(ulong stored = 0, ulong max = 100) => new(ScriptedJob.Spec(), 1000, max, stored);

    private static Batch Fragment(ulong index, ulong offset, int bytes) =>
        new() { First = index, Count = 1, Format = Format.Bytes, FragmentTotal = 10, FragmentOffset = offset, Payload = ByteString.CopyFrom(new byte[bytes]) };
}
