using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

public sealed class BatchReaderTests
{
    [Fact]
    public void A_bad_item_is_one_failure_and_the_next_can_be_read()
    {
        var reader = new BatchReader<int>(ItemCodec.For<int>(Format.Json));
        reader.Open(new Batch
        {
            First = 5,
            Count = 3,
            Format = Format.Json,
            Payload = ByteString.CopyFromUtf8("1\"two\"3"),
            Lengths = BatchRulesTests.Lengths(1, 5, 1),
        });

        Assert.True(reader.TryRead(out _, out var first));
        var error = Assert.Throws<ItemDecodeException>(() => reader.TryRead(out _, out _));
        Assert.True(reader.TryRead(out var index, out var third));
        Assert.False(reader.TryRead(out _, out _));
        Assert.Equal((1, 3, 7ul, 6ul), (first, third, index, error.Index));
        Assert.Contains("Item 6 is no System.Int32 in format Json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_text_is_an_error_and_not_a_replacement_character()
    {
        var reader = new BatchReader<string>(ItemCodec.For<string>());
        reader.Open(new Batch { Count = 1, Format = Format.Utf8, Payload = ByteString.CopyFrom(0xC3), Lengths = BatchRulesTests.Lengths(1) });

        Assert.Throws<ItemDecodeException>(() => reader.TryRead(out _, out _));
    }

    [Fact]
    public void An_array_with_half_an_element_is_an_error()
    {
        var reader = new BatchReader<int[]>(ItemCodec.For<int[]>());
        reader.Open(new Batch { Count = 1, Format = Format.Bytes, Payload = BatchRulesTests.Bytes(6), Lengths = BatchRulesTests.Lengths(6) });

        Assert.Contains("6 bytes are no whole number", Assert.Throws<ItemDecodeException>(() => reader.TryRead(out _, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_another_layout_is_refused()
    {
        var reader = new BatchReader<long>(ItemCodec.For<long>());

        Assert.Throws<MalformedBatchException>(() => reader.Open(Batching.Write([1, 2]).Single()));
        Assert.Throws<MalformedBatchException>(() => reader.Open(Batching.Write(["a"]).Single()));
        Assert.False(reader.TryRead(out _, out _));
    }

    [Fact]
    public void Many_items_are_read_in_portions()
    {
        var reader = new BatchReader<int>(ItemCodec.For<int>());
        reader.Open(Batching.Write(Enumerable.Range(0, 10), first: 100).Single());
        var buffer = new int[4];
        List<int> read = [];
        for (int count; (count = reader.ReadMany(buffer)) > 0;)
        {
            read.AddRange(buffer[..count]);
        }

        Assert.Equal(Enumerable.Range(0, 10), read);
        Assert.Equal(110ul, reader.Index);
    }

    [Fact]
    public void Many_items_of_varying_size_are_read_in_portions()
    {
        var reader = new BatchReader<string>(ItemCodec.For<string>());
        reader.Open(Batching.Write(["a", null!, "ccc"]).Single());
        var buffer = new string[2];

        Assert.Equal(2, reader.ReadMany(buffer));
        Assert.Equal(["a", null!], buffer);
        Assert.Equal(1, reader.ReadMany(buffer));
        Assert.Equal("ccc", buffer[0]);
    }

    [Fact]
    public void A_payload_in_pieces_reads_like_one_in_a_row()
    {
        string[] items = ["alpha", "beta", "gamma"];
        var batch = Batching.Write(items).Single();
        var reader = new BatchReader<string>(ItemCodec.For<string>());
        reader.Open(batch, Pieces.Of(batch.Payload.Memory, 3));
        var read = new string[3];

        Assert.Equal(3, reader.ReadMany(read));
        Assert.Equal(items, read);
    }

    [Fact]
    public void Unmanaged_items_are_read_without_allocating()
    {
        var batch = Batching.Write(Enumerable.Range(0, 10_000)).Single();
        var reader = new BatchReader<int>(ItemCodec.For<int>());
        var builder = new BatchBuilder<long>(ItemCodec.For<long>());
        long Run()
        {
            reader.Open(batch);
            while (reader.TryRead(out var index, out var item))
            {
                builder.Add(index, item);
            }

            var count = builder.Count;
            builder.Clear();
            return count;
        }

        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = Run();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((10_000, 0), (count, allocated));
    }
}
