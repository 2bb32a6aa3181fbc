using System.Text;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

public sealed class BatchBuilderTests
{
    [Fact]
    public void A_full_batch_starts_the_next_one()
    {
        var batches = Batching.Write(Enumerable.Range(0, 10), maxPayloadBytes: 16);

        Assert.Equal([4u, 4u, 2u], batches.Select(batch => batch.Count));
        Assert.Equal([0ul, 4ul, 8ul], batches.Select(batch => batch.First));
        Assert.Equal(Enumerable.Range(0, 10), Batching.Read<int>(batches));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(1000)]
    public void A_range_is_the_same_as_its_items_one_by_one(int count)
    {
        var items = Enumerable.Range(0, count).Select(i => i * 1.5).ToArray();
        var builder = new BatchBuilder<double>(ItemCodec.For<double>(), maxPayloadBytes: 64);
        builder.AddRange(5, items);

        Assert.Equal(count, builder.Count);
        Assert.Equal(count * sizeof(double), builder.ByteCount);
        Assert.Equal(Batching.Write(items, 64, first: 5), builder.TakeAll());
    }

    [Fact]
    public void A_range_of_text_is_the_same_as_its_items_one_by_one()
    {
        string[] items = ["a", "bc", null!, "def"];
        var builder = new BatchBuilder<string>(ItemCodec.For<string>(), maxPayloadBytes: 4);
        builder.AddRange(0, items);

        Assert.Equal(Batching.Write(items, 4), builder.TakeAll());
    }

    [Fact]
    public void A_gap_in_the_indices_starts_a_batch()
    {
        var builder = new BatchBuilder<int>(ItemCodec.For<int>());
        builder.Add(3, 30);
        builder.Add(4, 40);
        builder.Add(9, 90);
        builder.Add(1, 10);

        var batches = builder.TakeAll().ToList();

        Assert.Equal([(3ul, 2u), (9ul, 1u), (1ul, 1u)], batches.Select(batch => (batch.First, batch.Count)));
        Assert.Equal([30, 40, 90, 10], Batching.Read<int>(batches));
    }

    [Fact]
    public void No_batch_holds_more_items_than_allowed()
    {
        var builder = new BatchBuilder<Nothing>(ItemCodec.For<Nothing>());
        builder.AddRange(0, new Nothing[Limits.MaxBatchItems + 1]);
        var text = Batching.Write(Enumerable.Repeat("", Limits.MaxBatchItems + 1));

        Assert.Equal([(uint)Limits.MaxBatchItems, 1u], builder.TakeAll().Select(batch => batch.Count));
        Assert.Equal([(uint)Limits.MaxBatchItems, 1u], text.Select(batch => batch.Count));
    }

    [Fact]
    public void An_item_of_exactly_the_cap_travels_whole()
    {
        var batches = Batching.Write<byte[]>([new byte[1], new byte[Limits.MaxPayloadBytes], new byte[1]]);

        Assert.Equal([1, Limits.MaxPayloadBytes, 1], batches.Select(batch => batch.Payload.Length));
        Assert.All(batches, batch => Assert.Equal(0ul, batch.FragmentTotal));
    }

    [Fact]
    public void A_larger_item_travels_as_fragments_between_its_neighbours()
    {
        var large = Enumerable.Range(0, (3 * Limits.MaxPayloadBytes) + 5).Select(i => (byte)(i * 31)).ToArray();

        var batches = Batching.Write<byte[]>([[1], large, [2]]);

        Assert.Equal([0ul, 1, 1, 1, 1, 2], batches.Select(batch => batch.First));
        Assert.All(batches, batch => Assert.Null(BatchRules.Check(batch, batch.Payload.Length)));
        Assert.Equal<byte[]>([[1], large, [2]], Batching.Read<byte[]>(batches));
    }

    [Fact]
    public void Every_format_of_varying_size_makes_fragments()
    {
        var text = string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{i}ß"));
        string[] texts = ["a", text, "b"];
        CodeFile[] messages = [new() { Name = "a" }, new() { Name = text }];
        (string, double[])[] documents = [("a", [1]), (text, [.. Enumerable.Range(0, 300_000).Select(i => i / 7.0)]), ("b", [])];

        Assert.Equal(texts, Batching.Read<string>(Batching.Write(texts)));
        Assert.Equal(messages, Batching.Read<CodeFile>(Batching.Write(messages)));
        var read = Batching.Read<(string, double[])>(Batching.Write(documents));
        Assert.Equal(documents.Select(document => document.Item1), read.Select(document => document.Item1));
        Assert.Equal(documents.Select(document => document.Item2), read.Select(document => document.Item2));
    }

    [Fact]
    public void An_item_that_cannot_be_written_leaves_its_neighbours_unharmed()
    {
        var builder = new BatchBuilder<string>(ItemCodec.For<string>());
        builder.Add(0, "before");
        var error = Assert.Throws<ItemEncodeException>(() => builder.Add(1, "\ud800"));
        builder.Add(2, "after");

        Assert.Equal(1ul, error.Index);
        Assert.IsType<EncoderFallbackException>(error.InnerException);
        Assert.Equal(["before", "after"], Batching.Read<string>(builder.TakeAll()));
    }

    [Fact]
    public void A_document_that_fails_half_way_leaves_nothing_behind()
    {
        var builder = new BatchBuilder<Failing>(ItemCodec.For<Failing>(), maxPayloadBytes: 50);
        builder.Add(0, new Failing { Fill = new string('a', 20) });
        Assert.Throws<ItemEncodeException>(() => builder.Add(1, new Failing { Fill = new string('b', 200_000), Fails = true }));
        builder.Add(2, new Failing { Fill = new string('c', 20) });

        Assert.Equal(["aaaaaaaaaaaaaaaaaaaa", "cccccccccccccccccccc"], Batching.Read<Failing>(builder.TakeAll()).Select(item => item.Fill));
    }

    [Fact]
    public void An_item_above_the_limit_of_the_other_end_is_refused()
    {
        var builder = new BatchBuilder<byte[]>(ItemCodec.For<byte[]>(), maxItemBytes: 2000);
        builder.Add(0, new byte[2000]);
        var error = Assert.Throws<ItemEncodeException>(() => builder.Add(1, new byte[2001]));

        Assert.Contains("Item 1 takes 2,001 bytes; the largest that travels here has 2,000.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, builder.Count);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5_000)]
    public void Messages_own_their_memory(int size)
    {
        var item = Enumerable.Repeat((byte)7, size).ToArray();
        var builder = new BatchBuilder<byte[]>(ItemCodec.For<byte[]>());
        builder.Add(0, item);
        var sent = builder.TakeAll().ToList();
        Array.Fill(item, (byte)8);
        builder.Add(1, item);
        var later = builder.TakeAll().ToList();

        Assert.All(Batching.Read<byte[]>(sent)[0], value => Assert.Equal(7, value));
        Assert.All(Batching.Read<byte[]>(later)[0], value => Assert.Equal(8, value));
    }

    [Fact]
    public void Taking_is_lazy_and_counts_down()
    {
        var builder = new BatchBuilder<byte[]>(ItemCodec.For<byte[]>(), maxPayloadBytes: 10);
        builder.Add(0, new byte[25]);
        builder.Add(1, new byte[3]);
        Assert.Equal(2, builder.Count);
        Assert.Equal(28, builder.ByteCount);

        using var taking = builder.TakeAll().GetEnumerator();
        List<long> left = [];
        while (taking.MoveNext())
        {
            left.Add(builder.ByteCount);
        }

        Assert.Equal([18, 8, 3, 0], left);
        Assert.Equal(0, builder.Count);
        Assert.Empty(builder.TakeAll());
    }

    [Fact]
    public void What_is_shown_in_place_can_be_read_until_it_is_cleared()
    {
        var builder = new BatchBuilder<string>(ItemCodec.For<string>(), maxPayloadBytes: 8);
        var reader = new BatchReader<string>(ItemCodec.For<string>());
        for (var round = 0; round < 3; round++)
        {
            List<string> items = [$"a{round}", $"bcd{round}", $"{round}ef", null!, new string('x', 20), ""];
            for (var i = 0; i < items.Count; i++)
            {
                builder.Add((ulong)(10 * i), items[i]);
            }

            List<string> read = [];
            foreach (var part in builder.Peek())
            {
                Assert.True(part.Header.Payload.IsEmpty);
                reader.Open(part.Header, part.Payload);
                while (reader.TryRead(out _, out var item))
                {
                    read.Add(item);
                }
            }

            builder.Clear();
            Assert.Equal(items, read);
            Assert.Equal(0, builder.Count);
            Assert.Equal(0, builder.ByteCount);
        }
    }

    internal sealed class Failing
    {
        public string Fill { get; set; } = "";

        public bool Fails { get; set; }

        public int Last => Fails ? throw new InvalidOperationException("half way") : 1;
    }
}
