using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

/// <summary>Whatever arrives: a clear refusal or valid items, in bounded memory.</summary>
public sealed class ArbitraryBatchTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Fact]
    public void Made_up_batches_are_refused_or_read()
    {
        var sizes = Gen.OneOf(Gen.Choose(0, 20).Select(n => (ulong)n), Gen.Elements(ulong.MaxValue, uint.MaxValue, 1ul << 31, 1ul << 20, (1ul << 20) + 1));
        var bytes = ArbMap.Default.GeneratorFor<byte[]>();
        var batches =
            from first in sizes
            from count in sizes
            from format in Gen.Choose(-1, 6)
            from stride in sizes
            from total in sizes
            from offset in sizes
            from lengths in bytes
            from payload in bytes
            select new Batch
            {
                First = first,
                Count = (uint)count,
                Format = (Format)format,
                Stride = (uint)stride,
                FragmentTotal = total,
                FragmentOffset = offset,
                Lengths = ByteString.CopyFrom(lengths),
                Payload = ByteString.CopyFrom(payload),
            };
        Check.One(Thorough, Prop.ForAll(batches.ToArbitrary(), Survives));
    }

    [Fact]
    public void Mutated_batches_are_refused_or_read()
    {
        List<Batch> good =
        [
            .. Batching.Write([1, 2, 3]),
            .. Batching.Write(["a", null!, "Grüße"]),
            .. Batching.Write<byte[]>([[1, 2], [], new byte[20]], maxPayloadBytes: 8),
            .. Batching.Write([new CodeFile { Name = "x", Size = 4 }]),
            .. Batching.Write([("a", 1), ("b", 2)]),
        ];
        var mutations = Gen.Choose(0, good.Count - 1).Zip(ArbMap.Default.GeneratorFor<(NonNegativeInt At, byte Value)[]>());
        Check.One(Thorough, Prop.ForAll(mutations.ToArbitrary(), mutation =>
        {
            var wire = good[mutation.Item1].ToByteArray();
            foreach (var (at, value) in mutation.Item2)
            {
                wire[at.Get % wire.Length] = value;
            }

            try
            {
                Survives(Batch.Parser.ParseFrom(wire));
            }
            catch (InvalidProtocolBufferException)
            {
                // Refused by the parser, which is as good.
            }
        }));
    }

    [Fact]
    public void Broken_lengths_under_a_right_sum_are_read_within_the_payload()
    {
        Check.One(Thorough, Prop.ForAll<uint[]>(lengths =>
        {
            var sum = lengths.Sum(length => length == LengthTable.Null ? 0 : (long)length);
            if (lengths.Length > 0 && sum < 100_000)
            {
                Survives(new Batch
                {
                    Count = (uint)lengths.Length,
                    Format = Format.Bytes,
                    Lengths = BatchRulesTests.Lengths(lengths),
                    Payload = BatchRulesTests.Bytes((int)sum),
                });
            }
        }));
    }

    private static void Survives(Batch batch)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read<int>(batch);
        Read<Nothing>(batch);
        Read<decimal>(batch);
        Read<byte[]>(batch);
        Read<double[]>(batch);
        Read<string>(batch);
        Read<CodeFile>(batch);
        Read<(string, int)>(batch);
        Slice(batch);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private static void Read<T>(Batch batch)
    {
        var reader = new BatchReader<T>(ItemCodec.For<T>());
        try
        {
            reader.Open(batch);
        }
        catch (MalformedBatchException e)
        {
            Assert.NotEmpty(e.Message);
            return;
        }

        var expected = batch.FragmentTotal == 0 ? (int)batch.Count : batch.FragmentTotal == (ulong)batch.Payload.Length ? 1 : 0;
        var read = 0;
        while (reader.Remaining > 0)
        {
            read++;
            try
            {
                Assert.True(reader.TryRead(out _, out _));
            }
            catch (ItemDecodeException e)
            {
                Assert.InRange(e.Index, batch.First, batch.First + batch.Count - 1);
            }
        }

        Assert.Equal(expected, read);
    }

    private static void Slice(Batch batch)
    {
        BatchSlicer slicer;
        try
        {
            slicer = new BatchSlicer(batch);
        }
        catch (MalformedBatchException)
        {
            return;
        }

        var sum = 0;
        for (var index = slicer.First; index < slicer.End; index++)
        {
            var slice = slicer.Slice(index, 1);
            Assert.Null(BatchRules.Check(slice, slice.Payload.Length));
            sum += slice.Payload.Length;
        }

        Assert.Equal(batch.Payload.Length, sum);
    }
}
