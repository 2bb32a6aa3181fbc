using System.Text;
using Cluster.Coordinator.Lambdas;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Lambdas;

public sealed class LambdaErrorsTests
{
    [Fact]
    public void One_problem_is_one_line()
    {
        var lines = LambdaErrors.Lines(new CompileReply { Problems = { new CompileProblem { Line = 1, Column = 12, Code = "CS0103", Message = "The name 'y' does not exist" } } });
        Assert.Equal("`csharp` does not compile: line 1, column 12: CS0103: The name 'y' does not exist", LambdaErrors.Message(lines));
    }

    [Fact]
    public void Several_have_a_line_each()
    {
        var lines = LambdaErrors.Lines(new CompileReply
        {
            Problems = { new CompileProblem { Line = 2, Column = 1, Message = "Say of which type x is." }, new CompileProblem { Code = "CS0101", Message = "Twice." } },
            MoreProblems = 3,
        });
        Assert.Equal(["line 2, column 1: Say of which type x is.", "CS0101: Twice.", "and 3 more"], lines);
        Assert.Equal("`csharp` does not compile:\nline 2, column 1: Say of which type x is.\nCS0101: Twice.\nand 3 more", LambdaErrors.Message(lines));
    }

    [Theory]
    [InlineData('y')]
    [InlineData('中')]
    public void There_are_as_many_as_a_status_has_room_for(char letter)
    {
        var reply = new CompileReply { MoreProblems = 100 };
        reply.Problems.Add(Enumerable.Range(1, 50).Select(i => new CompileProblem { Line = (uint)i, Column = 1, Code = "CS0103", Message = new string(letter, 300) }));
        var lines = LambdaErrors.Lines(reply);
        Assert.InRange(lines.Count, 2, 50);
        Assert.Equal($"and {150 - (lines.Count - 1)} more", lines[^1]);
        var message = LambdaErrors.Message(lines);
        var encoded = message.Sum(static character => char.IsAscii(character) ? 1 : 3 * Encoding.UTF8.GetByteCount([character]));
        Assert.InRange(encoded + (Encoding.UTF8.GetByteCount(message) * 2 * 4 / 3), 0, 7 << 10);
    }

    [Theory]
    [InlineData("(int x) =>\n{\n\treturn  x;\n}", "(int x) => { return x; }")]
    [InlineData("", "")]
    public void Lists_show_a_text_on_one_line(string text, string shown) => Assert.Equal(shown, LambdaName.Show(text));

    [Fact]
    public void Lists_show_the_beginning_of_a_long_text()
    {
        var shown = LambdaName.Show($"(int x) => {string.Join(" + ", Enumerable.Repeat("x", 500))}");
        Assert.Equal(200, shown.Length);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_has_the_same_name_everywhere()
    {
        var key = LambdaName.Key("(int x) => x * x");
        Assert.Equal(64, key.Length);
        Assert.Equal("csharp-3e77693f99d3", LambdaName.Assembly(key));
        Assert.NotEqual(key, LambdaName.Key("(int x) => x * x "));
    }
}
