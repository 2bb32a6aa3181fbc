using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using Grpc.Wire;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class MetadataTests
{
    [Fact]
    public void Keys_are_lower_cased_and_found_in_any_case_the_last_one_first()
    {
        var metadata = new Metadata { { "Trace", "1" }, { "trace", "2" }, { "other-bin", [7] } };
        Assert.Equal("trace", metadata[0].Key);
        Assert.Equal("2", metadata.GetValue("TRACE"));
        Assert.Equal(["1", "2"], metadata.GetAll("trace").Select(entry => entry.Value));
        Assert.Equal([7], metadata.GetValueBytes("other-bin"));
        Assert.Null(metadata.Get("absent"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("schlüssel")]
    [InlineData(":path")]
    public void A_key_that_no_header_can_have_is_refused(string key) => Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "value"));

    [Fact]
    public void The_suffix_decides_about_bytes()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key-bin", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", [1]));
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("key-bin", [1]).Value);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("ümlaut")]
    public void A_text_that_no_header_can_carry_is_refused_where_it_is_sent(string value)
    {
        FormatException e = Assert.Throws<FormatException>(() => MetadataCodec.Encode(new Metadata.Entry("key", value)));
        Assert.Contains("-bin", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_come_back_alone_and_joined_by_commas() => Prop.ForAll<byte[][]>(values =>
    {
        byte[][] present = [.. values.Where(value => value is not null)];
        string joined = string.Join(", ", present.Select(value => MetadataCodec.Encode(new Metadata.Entry("k-bin", value))));
        var decoded = new Metadata();
        MetadataCodec.Decode("k-bin", joined, decoded);
        return joined.IndexOf('=', StringComparison.Ordinal) < 0
            && (present.Length == 0 || decoded.Select(entry => Convert.ToHexString(entry.ValueBytes)).SequenceEqual(present.Select(Convert.ToHexString)));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("x!y")]
    [InlineData("x~y-bin")]
    [InlineData("")]
    public void A_header_that_is_no_key_is_left_out(string name)
    {
        var decoded = new Metadata();
        MetadataCodec.Decode(name, "value", decoded);
        MetadataCodec.Decode("X-Other", "value", decoded);
        Assert.Equal("x-other", Assert.Single(decoded).Key);
    }

    [Fact]
    public void Bytes_that_are_no_base64_are_refused() => Assert.Throws<FormatException>(() => MetadataCodec.Decode("k-bin", "!!", []));
}
