using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

public sealed class FragmentAssemblerTests
{
    private readonly FragmentAssembler _assembler = new(maxItemBytes: 1000);

    [Fact]
    public void The_last_fragment_gives_the_item()
    {
        Assert.Null(Add(1, total: 5, offset: 0, [1, 2]));
        Assert.Null(Add(1, total: 5, offset: 2, [3, 4]));
        Assert.Equal(4, _assembler.HeldBytes);

        Assert.Equal([1, 2, 3, 4, 5], Add(1, total: 5, offset: 4, [5]));
        Assert.Equal(0, _assembler.HeldBytes);
        Assert.Equal(0, _assembler.OpenItems);
    }

    [Fact]
    public void Fragments_of_several_items_may_alternate()
    {
        Add(1, total: 4, offset: 0, [1, 2]);
        Add(2, total: 3, offset: 0, [7]);

        Assert.Equal([1, 2, 3, 4], Add(1, total: 4, offset: 2, [3, 4]));
        Assert.Equal([7, 8, 9], Add(2, total: 3, offset: 1, [8, 9]));
    }

    [Fact]
    public void A_fragment_at_the_start_begins_the_item_anew()
    {
        Add(1, total: 4, offset: 0, [9, 9, 9]);
        Add(1, total: 3, offset: 0, [1, 2]);

        Assert.Equal(2, _assembler.HeldBytes);
        Assert.Equal([1, 2, 3], Add(1, total: 3, offset: 2, [3]));
    }

    [Theory]
    [InlineData(5, 3, "after 2 of 5 bytes")]
    [InlineData(5, 1, "after 2 of 5 bytes")]
    [InlineData(6, 2, "at byte 2 of 6")]
    public void A_fragment_that_does_not_continue_its_item_drops_it(ulong total, ulong offset, string expected)
    {
        Add(1, total: 5, offset: 0, [1, 2]);
        var error = Assert.Throws<MalformedBatchException>(() => Add(1, total, offset, [3]));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _assembler.HeldBytes);
    }

    [Fact]
    public void An_item_cannot_begin_in_its_middle() =>
        Assert.Contains(
            "no fragment before it", Assert.Throws<MalformedBatchException>(() => Add(1, total: 5, offset: 2, [3])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_item_cannot_change_its_format()
    {
        Add(1, total: 5, offset: 0, [1, 2]);

        Assert.Throws<MalformedBatchException>(() => Add(1, total: 5, offset: 2, [3], Format.Json));
    }

    [Fact]
    public void An_item_above_the_limit_is_refused_at_its_first_fragment() =>
        Assert.Throws<MalformedBatchException>(() => Add(1, total: 1001, offset: 0, [1]));

    [Fact]
    public void A_discarded_item_holds_nothing()
    {
        Add(1, total: 5, offset: 0, [1, 2]);
        _assembler.Discard(1);
        _assembler.Discard(1);

        Assert.Equal(0, _assembler.HeldBytes);
        Assert.Equal(0, _assembler.OpenItems);
    }

    [Fact]
    public void A_claimed_length_allocates_nothing_before_the_bytes_come()
    {
        var assembler = new FragmentAssembler();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 100; i++)
        {
            assembler.Add(new Batch { First = i, Count = 1, Format = Format.Bytes, FragmentTotal = 1 << 30 }, [1]);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 100_000);
    }

    private byte[]? Add(ulong item, ulong total, ulong offset, byte[] bytes, Format format = Format.Bytes) =>
        _assembler.Add(new Batch { First = item, Count = 1, Format = format, FragmentTotal = total, FragmentOffset = offset }, bytes);
}
