using Cluster.Cli;
using Cluster.Cli.Items;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("plain words")]
    [InlineData("")]
    [InlineData("seven")]
    [InlineData("[1, 2")]
    [InlineData("{a: 1}")]
    [InlineData("NaN")]
    [InlineData("True")]
    [InlineData("1 2")]
    [InlineData("@home")]
    public void What_is_no_JSON_is_text(string text) => Assert.Equal(Value.ForString(text), JsonText.Parse(text));

    [Fact]
    public void What_is_JSON_is_what_it_says()
    {
        Assert.Equal(Value.ForNumber(7), JsonText.Parse("7"));
        Assert.Equal(Value.ForNumber(-1.5e-3), JsonText.Parse(" -1.5e-3 "));
        Assert.Equal(Value.ForString("7"), JsonText.Parse("\"7\""));
        Assert.Equal(Value.ForBool(true), JsonText.Parse("true"));
        Assert.Equal(Value.ForNull(), JsonText.Parse("null"));
        Assert.Equal(
            Value.ForStruct(new Struct { Fields = { ["a"] = Value.ForList(Value.ForNumber(1), Value.ForNull()), ["b"] = Value.ForString("ü") } }),
            JsonText.Parse("""{"a": [1, null], "b": "\u00fc"}"""));
    }

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("[1, -9007199254740993]")]
    [InlineData("12345678901234567890")]
    [InlineData("1e400")]
    public void A_number_that_would_become_another_is_refused(string text) =>
        Assert.Contains("As text it stays as it is", Assert.Throws<UsageException>(() => JsonText.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740994")]
    [InlineData("1152921504606846976")]
    [InlineData("0.1")]
    [InlineData("1e300")]
    public void A_number_that_stays_what_it_is_is_taken(string text) =>
        Assert.Equal(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), JsonText.Parse(text).NumberValue);

    [Fact]
    public void Half_a_surrogate_pair_is_no_text() => Assert.Throws<UsageException>(() => JsonText.Parse("\"\\ud800\""));
}
