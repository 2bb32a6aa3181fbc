using FsCheck;
using FsCheck.Fluent;
using Grpc.Transport;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class PercentEncodingTests
{
    [Theory]
    [InlineData("plain text, 1 + 1 ~", "plain text, 1 + 1 ~")]
    [InlineData("100%", "100%25")]
    [InlineData("a\nb\t", "a%0Ab%09")]
    [InlineData("ü", "%C3%BC")]
    [InlineData("😈", "%F0%9F%98%88")]
    public void Everything_but_printable_ascii_is_escaped(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%41%", "A%")]
    [InlineData("%c3%bc", "ü")]
    [InlineData("ü%41", "üA")]
    public void What_is_no_escape_stays(string encoded, string text) => Assert.Equal(text, PercentEncoding.Decode(encoded));

    [Fact]
    public void Any_text_comes_back() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<string>().Where(text => text is not null && IsWellFormed(text)).ToArbitrary(),
        text => PercentEncoding.Decode(PercentEncoding.Encode(text)) == text && PercentEncoding.Encode(text).All(c => c is >= ' ' and <= '~'))
        .QuickCheckThrowOnFailure();

    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar);
}
