using System.Text.Json;
using Cluster.Cli;
using Cluster.Cli.Items;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class ItemParserTests
{
    private static readonly ItemParser Json = new(takesText: false, spreadOver: null);
    private static readonly ItemParser Text = new(takesText: true, spreadOver: null);
    private static readonly ItemParser Pairs = new(takesText: false, spreadOver: 2);

    [Theory]
    [InlineData("7", "7")]
    [InlineData(" [1, 2] ", "[1, 2]")]
    [InlineData("{\"a\":null}", "{\"a\":null}")]
    public void A_line_is_JSON(string line, string expected) => Assert.Equal(expected, Parse(Json, line).GetRawText());

    [Theory]
    [InlineData("plain words")]
    [InlineData("")]
    [InlineData("\"quoted\" and \\ escaped")]
    public void Where_the_function_takes_text_a_line_is_the_text(string line) => Assert.Equal(line, Parse(Text, line).GetString());

    [Fact]
    public void A_list_of_arguments_is_JSON_even_for_text() =>
        Assert.Equal("a", Parse(new ItemParser(takesText: true, spreadOver: 1), "[\"a\"]")[0].GetString());

    [Fact]
    public void A_line_that_is_not_JSON_is_named_by_its_number()
    {
        var error = Assert.Throws<UsageException>(() => Json.Parse(new InputLine("hello", 17, "numbers.txt")));
        Assert.StartsWith("Line 17 of numbers.txt is no JSON value: hello", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_that_is_not_JSON_is_named_by_its_position()
    {
        var error = Assert.Throws<UsageException>(() => Json.Parse(new InputLine("", 2, ItemSource.Arguments)));
        Assert.StartsWith("Argument 2 is no JSON value", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("[1,2,3]")]
    [InlineData("1")]
    public void Every_parameter_needs_its_argument(string line)
    {
        var error = Assert.Throws<UsageException>(() => Parse(Pairs, line));
        Assert.Contains("2 arguments", error.Message, StringComparison.Ordinal);
    }

    private static JsonElement Parse(ItemParser parser, string line) => parser.Parse(new InputLine(line, 1, "stdin"));
}
