using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

public sealed class BatchSlicerTests
{
    [Fact]
    public void Slices_in_order_give_the_items_back() =>
        Prop.ForAll<string?[], int>((items, seed) =>
        {
            var texts = items.Select(item => item is null ? null! : string.Concat(item.Where(c => !char.IsSurrogate(c)))).Append("last").ToList();
            Assert.Equal(texts, Batching.Read<string>(Cut(Batching.Write(texts, first: 5).Single(), new System.Random(seed))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Slices_of_unmanaged_values_give_them_back() =>
        Prop.ForAll<long[], int>((items, seed) =>
        {
            long[] values = [.. items, 1];
            Assert.Equal(values, Batching.Read<long>(Cut(Batching.Write(values, first: 5).Single(), new System.Random(seed))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_slice_can_follow_any_other()
    {
        string[] items = ["a", "bb", null!, "dddd", "eeeee"];
        var slicer = new BatchSlicer(Batching.Write(items, first: 10).Single());

        Assert.Equal(["eeeee"], Batching.Read<string>([slicer.Slice(14, 1)]));
        Assert.Equal(["bb", null!], Batching.Read<string>([slicer.Slice(11, 2)]));
        Assert.Equal([null!, "dddd", "eeeee"], Batching.Read<string>([slicer.Slice(12, 3)]));
        Assert.Equal([1, 2, 0, 4, 5], Enumerable.Range(10, 5).Select(i => slicer.SizeOf((ulong)i)));
        Assert.Equal(12, slicer.SizeOf(10, 5));
    }

    [Fact]
    public void Slices_share_the_memory_of_the_batch()
    {
        var batch = Batching.Write<byte[]>([new byte[100], new byte[200]]).Single();
        var slice = new BatchSlicer(batch).Slice(1, 1);

        Assert.True(batch.Payload.Span[100..].Overlaps(slice.Payload.Span, out var offset));
        Assert.Equal(0, offset);
        Assert.True(batch.Lengths.Span.Overlaps(slice.Lengths.Span));
    }

    [Fact]
    public void The_whole_batch_is_its_own_slice()
    {
        var batch = Batching.Write([1, 2, 3]).Single();

        Assert.Same(batch, new BatchSlicer(batch).Slice(0, 3));
    }

    [Fact]
    public void A_fragment_is_one_item_with_the_size_of_its_bytes()
    {
        var fragment = Batching.Write<byte[]>([new byte[25]], maxPayloadBytes: 10)[2];
        var slicer = new BatchSlicer(fragment);

        Assert.True(slicer.IsFragment);
        Assert.Equal(5, slicer.SizeOf(0));
        Assert.Same(fragment, slicer.Slice(0, 1));
    }

    [Theory]
    [InlineData(9ul, 1)]
    [InlineData(10ul, 4)]
    [InlineData(13ul, 1)]
    [InlineData(12ul, 2)]
    [InlineData(10ul, 0)]
    [InlineData(10ul, -1)]
    [InlineData(ulong.MaxValue, 1)]
    public void Items_outside_the_batch_are_refused(ulong first, int count)
    {
        var slicer = new BatchSlicer(Batching.Write([1, 2, 3], first: 10).Single());

        Assert.Throws<ArgumentOutOfRangeException>(() => slicer.Slice(first, count));
    }

    [Fact]
    public void A_malformed_batch_is_refused() =>
        Assert.Throws<MalformedBatchException>(() => new BatchSlicer(new Batch { Count = 1, Format = Format.Raw, Stride = 4 }));

    private static IEnumerable<Batch> Cut(Batch batch, System.Random random)
    {
        var slicer = new BatchSlicer(batch);
        for (var next = slicer.First; next < slicer.End;)
        {
            var count = random.Next(1, (int)(slicer.End - next) + 1);
            var slice = slicer.Slice(next, count);
            Assert.Equal(slicer.SizeOf(next, count), slice.Payload.Length);
            yield return slice;
            next += (uint)count;
        }
    }
}
