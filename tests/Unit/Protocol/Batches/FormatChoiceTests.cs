using System.Numerics;
using System.Runtime.InteropServices;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

public sealed class FormatChoiceTests
{
    [Theory]
    [InlineData(typeof(int), Format.Raw)]
    [InlineData(typeof(bool), Format.Raw)]
    [InlineData(typeof(nint), Format.Raw)]
    [InlineData(typeof(decimal), Format.Raw)]
    [InlineData(typeof(DateTime), Format.Raw)]
    [InlineData(typeof(DateOnly), Format.Raw)]
    [InlineData(typeof(Complex), Format.Raw)]
    [InlineData(typeof(DayOfWeek), Format.Raw)]
    [InlineData(typeof(int?), Format.Raw)]
    [InlineData(typeof((int, (double, Guid))), Format.Raw)]
    [InlineData(typeof(Nothing), Format.Raw)]
    [InlineData(typeof(byte[]), Format.Bytes)]
    [InlineData(typeof(Memory<byte>), Format.Bytes)]
    [InlineData(typeof(ReadOnlyMemory<byte>), Format.Bytes)]
    [InlineData(typeof(double[]), Format.Bytes)]
    [InlineData(typeof((int, int)[]), Format.Bytes)]
    [InlineData(typeof(string), Format.Utf8)]
    [InlineData(typeof(CodeFile), Format.Proto)]
    [InlineData(typeof(IMessage), Format.Json)]
    [InlineData(typeof(string[]), Format.Json)]
    [InlineData(typeof(int[,]), Format.Json)]
    [InlineData(typeof(int[][]), Format.Json)]
    [InlineData(typeof((int, string)), Format.Json)]
    [InlineData(typeof(Tuple<int, int>), Format.Json)]
    [InlineData(typeof(List<int>), Format.Json)]
    [InlineData(typeof(object), Format.Json)]
    [InlineData(typeof(BigInteger), Format.Json)]
    public void A_type_has_one_format(Type type, Format format)
    {
        Assert.Null(FormatChoice.WhyNot(type));
        Assert.Equal(format, FormatChoice.Of(type));
    }

    [Theory]
    [InlineData(typeof(WithPointer), "a pointer (System.Int32*)")]
    [InlineData(typeof((int, WithPointer)), "a pointer (System.Int32*)")]
    [InlineData(typeof(GCHandle), "a handle of the runtime")]
    [InlineData(typeof(Vector<int>), "a vector whose width depends on the processor")]
    [InlineData(typeof(int*), "refers to memory of this process")]
    [InlineData(typeof(Span<int>), "refers to memory of this process")]
    public void What_means_nothing_elsewhere_is_refused_with_the_reason(Type type, string reason) =>
        Assert.Contains(reason, FormatChoice.WhyNot(type), StringComparison.Ordinal);

    [Fact]
    public void A_refused_type_has_no_codec() => Assert.Throws<NotSupportedException>(() => ItemCodec.For<GCHandle>());

    [Fact]
    public void The_codec_has_the_format_of_its_type()
    {
        Assert.Equal((Format.Raw, 4), (ItemCodec.For<int>().Format, ItemCodec.For<int>().Stride));
        Assert.Equal((Format.Raw, 0), (ItemCodec.For<Nothing>().Format, ItemCodec.For<Nothing>().Stride));
        Assert.Equal((Format.Utf8, 0), (ItemCodec.For<string>().Format, ItemCodec.For<string>().Stride));
        Assert.Equal(Format.Proto, ItemCodec.For<CodeFile>().Format);
    }

    [Fact]
    public void Callers_without_the_sdk_may_send_json_for_any_type()
    {
        var codec = ItemCodec.For<int>(Format.Json);
        var reader = new BatchReader<int>(codec);
        reader.Open(new Batch
        {
            Count = 2,
            Format = Format.Json,
            Payload = ByteString.CopyFromUtf8("1 2"),
            Lengths = BatchRulesTests.Lengths(2, 1),
        });

        Assert.True(reader.TryRead(out _, out var first) && reader.TryRead(out _, out var second) && (first, second) == (1, 2));
    }

    [Fact]
    public void A_format_that_a_type_does_not_have_is_refused()
    {
        var error = Assert.Throws<NotSupportedException>(() => ItemCodec.For<int>(Format.Utf8));

        Assert.Contains("System.Int32 travels as Raw or Json, not as Utf8", error.Message, StringComparison.Ordinal);
    }

    internal readonly unsafe struct WithPointer(int* value)
    {
        public int* Value { get; } = value;
    }
}
