using Cluster.Node.Workers.Processes;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("a\nbc\n\nd", new[] { "a", "bc", "", "d" })]
    [InlineData("a\r\nb\r\n", new[] { "a", "b" })]
    [InlineData("abcdefghij\nk", new[] { "abcdefgh", "ij", "k" })]
    [InlineData("abcdefgh\nk", new[] { "abcdefgh", "k" })]
    [InlineData("", new string[0])]
    public async Task Lines_end_at_breaks_and_at_their_greatest_length(string text, string[] expected)
    {
        var reader = new LineReader(new StringReader(text), maxLength: 8);
        var lines = new List<string>();
        while (await reader.ReadAsync() is { } line)
        {
            lines.Add(line);
        }

        Assert.Equal(expected, lines);
    }

    [Fact]
    public async Task Text_without_a_break_does_not_pile_up()
    {
        var reader = new LineReader(new StringReader(new string('x', 100_000)), maxLength: 1000);
        var count = 0;
        while (await reader.ReadAsync() is { } line)
        {
            Assert.Equal(1000, line.Length);
            count++;
        }

        Assert.Equal(100, count);
    }
}
