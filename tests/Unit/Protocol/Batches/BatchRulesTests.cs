using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

public sealed class BatchRulesTests
{
    public static TheoryData<string, Batch> Broken() => new()
    {
        { "there is no format 0", new Batch { Count = 1 } },
        { "there is no format 99", new Batch { Count = 1, Format = (Format)99 } },
        { "there is no format -1", new Batch { Count = 1, Format = (Format)(-1) } },
        { "it counts 0 items", new Batch { Format = Format.Raw } },
        { "it counts 262145 items", new Batch { Format = Format.Raw, Count = Limits.MaxBatchItems + 1 } },
        { "it counts 4294967295 items", new Batch { Format = Format.Raw, Count = uint.MaxValue } },
        { "exceed 64 bits", new Batch { Format = Format.Raw, Count = 2, First = ulong.MaxValue - 1 } },
        { "more than 1048576", new Batch { Format = Format.Raw, Count = 1, Stride = Limits.MaxPayloadBytes + 1, Payload = Bytes(Limits.MaxPayloadBytes + 1) } },
        { "3 items of 4 bytes are 12 bytes; the payload has 11", new Batch { Format = Format.Raw, Count = 3, Stride = 4, Payload = Bytes(11) } },
        { "are 1125831187365888 bytes", new Batch { Format = Format.Raw, Count = Limits.MaxBatchItems, Stride = uint.MaxValue - 262143, Payload = Bytes(1) } },
        { "items of a fixed size have no lengths", new Batch { Format = Format.Raw, Count = 1, Stride = 1, Payload = Bytes(1), Lengths = Bytes(4) } },
        { "have no stride; here it is 4", new Batch { Format = Format.Bytes, Count = 1, Stride = 4, Payload = Bytes(4), Lengths = Lengths(4) } },
        { "2 items need 8 bytes of lengths; here are 4", new Batch { Format = Format.Json, Count = 2, Payload = Bytes(4), Lengths = Lengths(4) } },
        { "need 4 bytes of lengths; here are 5", new Batch { Format = Format.Json, Count = 1, Payload = Bytes(4), Lengths = Bytes(5) } },
        { "add up to 5 bytes; the payload has 4", new Batch { Format = Format.Utf8, Count = 2, Payload = Bytes(4), Lengths = Lengths(2, 3) } },
        { "add up to 8589934588 bytes", new Batch { Format = Format.Utf8, Count = 2, Payload = Bytes(4), Lengths = Lengths(0xFFFFFFFE, 0xFFFFFFFE) } },
        { "fragment offset (3) but no fragment total", new Batch { Format = Format.Bytes, Count = 1, Payload = Bytes(1), Lengths = Lengths(1), FragmentOffset = 3 } },
        { "a fragment counts 1 item", new Batch { Format = Format.Bytes, Count = 2, Payload = Bytes(1), FragmentTotal = 9 } },
        { "a fragment counts 1 item", new Batch { Format = Format.Bytes, Count = 1, Payload = Bytes(1), Lengths = Lengths(1), FragmentTotal = 9 } },
        { "never large enough for fragments", new Batch { Format = Format.Raw, Count = 1, Payload = Bytes(1), FragmentTotal = 9 } },
        { "more than the 1073741824 allowed", new Batch { Format = Format.Bytes, Count = 1, Payload = Bytes(1), FragmentTotal = (1 << 30) + 1 } },
        { "0 bytes at 0 do not lie within the item's 9", new Batch { Format = Format.Bytes, Count = 1, FragmentTotal = 9 } },
        { "2 bytes at 8 do not lie within the item's 9", new Batch { Format = Format.Bytes, Count = 1, Payload = Bytes(2), FragmentTotal = 9, FragmentOffset = 8 } },
        { "do not lie within", new Batch { Format = Format.Bytes, Count = 1, Payload = Bytes(2), FragmentTotal = 9, FragmentOffset = ulong.MaxValue } },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void What_is_wrong_is_named(string expected, Batch batch)
    {
        Assert.Contains(expected, BatchRules.Check(batch, batch.Payload.Length), StringComparison.Ordinal);
        Assert.Throws<MalformedBatchException>(() => new BatchReader<string>(ItemCodec.For<string>()).Open(batch));
    }

    [Fact]
    public void Null_items_take_no_bytes() =>
        Assert.Null(BatchRules.Check(new Batch { Format = Format.Utf8, Count = 2, Payload = Bytes(4), Lengths = Lengths(LengthTable.Null, 4) }, 4));

    [Fact]
    public void A_batch_must_have_the_layout_of_its_job()
    {
        var batch = Batching.Write([1, 2]).Single();

        Assert.Null(BatchRules.CheckLayout(batch, Format.Raw, 4));
        Assert.Contains("its items take 4 bytes each; the job's take 8", BatchRules.CheckLayout(batch, Format.Raw, 8), StringComparison.Ordinal);
        Assert.Contains("its format is Raw; the job's is Json", BatchRules.CheckLayout(batch, Format.Json, 0), StringComparison.Ordinal);
    }

    internal static ByteString Bytes(int count) => ByteString.CopyFrom(new byte[count]);

    internal static ByteString Lengths(params uint[] lengths)
    {
        var table = new LengthTable();
        foreach (var length in lengths)
        {
            table.Add(length);
        }

        return table.Take();
    }
}
