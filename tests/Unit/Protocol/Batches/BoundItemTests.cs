using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

/// <summary>Items that bring along what was captured for them.</summary>
public sealed class BoundItemTests
{
    private static readonly byte[] Captures = "{\"value\":1}"u8.ToArray();

    [Fact]
    public void Captures_and_items_of_every_format_come_back()
    {
        RoundTrip(7);
        RoundTrip("text");
        RoundTrip<string?>(null);
        RoundTrip("");
        RoundTrip((1, "json"));
        RoundTrip(default(Nothing));
    }

    [Fact]
    public void The_layout_is_the_one_that_the_protocol_describes()
    {
        var builder = new BatchBuilder<BoundItem<string?>>(new BoundItemCodec<string?>(ItemCodec.For<string?>()));
        builder.Add(0, new BoundItem<string?>("ab"u8.ToArray(), "c"));
        builder.Add(1, new BoundItem<string?>("d"u8.ToArray(), null));

        var batch = Assert.Single(builder.TakeAll());

        Assert.Equal(Format.Bytes, batch.Format);
        Assert.Equal([2, 0, 0, 0, (byte)'a', (byte)'b', (byte)'c', 1, 0, 0, 128, (byte)'d'], batch.Payload.ToByteArray());
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 0 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 65 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 65 })]
    public void Lengths_that_lie_are_refused(byte[] item)
    {
        var codec = new BoundItemCodec<string>(ItemCodec.For<string>());
        var reader = new BatchReader<BoundItem<string>>(codec);
        var raw = new BatchBuilder<byte[]>(ItemCodec.For<byte[]>());
        raw.Add(0, item);
        reader.Open(Assert.Single(raw.TakeAll()));

        Assert.Throws<ItemDecodeException>(() => reader.TryRead(out _, out _));
    }

    private static void RoundTrip<T>(T item)
    {
        var codec = new BoundItemCodec<T>(ItemCodec.For<T>());
        var builder = new BatchBuilder<BoundItem<T>>(codec);
        builder.Add(0, new BoundItem<T>(Captures, item));
        var reader = new BatchReader<BoundItem<T>>(codec);
        reader.Open(Batch.Parser.ParseFrom(Assert.Single(builder.TakeAll()).ToByteArray()));

        Assert.True(reader.TryRead(out _, out var read));
        Assert.Equal(Captures, read.Captures.ToArray());
        Assert.Equal(item, read.Item);
    }
}
