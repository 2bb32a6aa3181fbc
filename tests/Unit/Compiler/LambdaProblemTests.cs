using Xunit;

namespace Cluster.Unit.Compiler;

/// <summary>What is wrong with a text, and where.</summary>
public sealed class LambdaProblemTests
{
    [Theory]
    [InlineData("(int x) => x * y", "1:16 CS0103")]
    [InlineData("(int x) =>\n{\n    var z = q;\n    return z + w;\n}", "3:13 CS0103", "4:16 CS0103")]
    [InlineData("(int x) =>\r\n\t\tx + y", "2:7 CS0103")]
    [InlineData("\n\n   (int x) => @\"two\nlines\" + nope", "4:10 CS0103")]
    [InlineData("(int x) => x +", "1:15 CS1733")]
    [InlineData("(int x) => \"abc", "1:12 CS1010")]
    [InlineData("(int x) => x /* open", "1:14 CS1035")]
    [InlineData("(string x) => x.Foo()", "1:17 CS1061")]
    [InlineData("(int é) => é + ü", "1:16 CS0103")]
    [InlineData("(Nope x) => 1", "1:2 CS0246")]
    [InlineData("using Nope; (int x) => x", "1:7 CS0246")]
    [InlineData("record R(int X) { int Y => Z; } (int x) => x", "1:28 CS0103")]
    [InlineData("record R(int X; (int x) => x", "1:15 CS1026")]
    [InlineData("(int x) => this", "1:12 CS0026")]
    [InlineData("class Lambda { } (int x) => x", "0:0 CS0101")]
    public void What_the_compiler_says_counts_in_the_text(string text, params string[] expected) => Assert.Equal(expected, Compiled.ProblemsOf(text));

    [Theory]
    [InlineData("x => x", "1:1", "Say of which type x is")]
    [InlineData("(x, y) => x", "1:2", "Say of which type x is")]
    [InlineData("(ref int x) => x", "1:10", "does not travel")]
    [InlineData("(Span<int> x) => x.Length", "1:12", "does not travel")]
    [InlineData("(int x) => new int[x].AsSpan()", "1:1", "does not travel")]
    [InlineData("(int a, int b, int c, int d, int e, int f, int g, int h) => 1", "1:1", "7 at most")]
    [InlineData("(int x) => null", "1:1", "cannot tell what the lambda returns")]
    [InlineData("(int x) => throw new Exception()", "1:1", "cannot tell what the lambda returns")]
    [InlineData("#if true\n(int x) => x\n#endif", "1:1", "Lines that begin with #")]
    [InlineData("(int x) =>\n#line 100 \"elsewhere\"\nx", "2:1", "Lines that begin with #")]
    [InlineData("#r \"some.dll\"\n(int x) => x", "1:1", "Lines that begin with #")]
    public void What_only_the_cluster_objects_to_says_what_to_write(string text, string place, string message)
    {
        var problem = Compiled.Of(text).Problems[0];
        Assert.Equal((place, ""), ($"{problem.Line}:{problem.Column}", problem.Code));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x * x", "1:1")]
    [InlineData("", "1:1")]
    [InlineData("   \n ", "1:1")]
    [InlineData("int Square(int x) => x * x;", "1:1")]
    [InlineData("return 1;", "1:1")]
    [InlineData("Math.Sqrt", "1:1")]
    [InlineData("checked((int x) => x)", "1:1")]
    [InlineData("namespace N { } (int x) => x", "1:1")]
    [InlineData("(int x) => { return x; } + 1", "1:1")]
    public void What_is_no_lambda_is_told_so(string text, string place)
    {
        var problem = Compiled.Of(text).Problems[0];
        Assert.Equal(place, $"{problem.Line}:{problem.Column}");
        Assert.StartsWith("This is no lambda. Write one lambda, such as (int x) => x * x.", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(int x) => x; } static int Field = 1; static void F() { ", "1:15")]
    [InlineData("(int x) => x) => (int y", "1:13")]
    [InlineData("(int x) => x; (int y) => y", "1:15")]
    public void Nothing_may_follow_the_lambda(string text, string place)
    {
        var problem = Compiled.Of(text).Problems[0];
        Assert.Equal((place, "The lambda ends before this, and nothing may follow it."), ($"{problem.Line}:{problem.Column}", problem.Message));
    }

    [Fact]
    public void Problems_are_bounded_in_number_and_length()
    {
        var reply = Compiled.Of($"(int x) => {string.Join(" + ", Enumerable.Range(0, 60).Select(static i => $"y{i}"))}");
        Assert.Equal((50, 10U), (reply.Problems.Count, reply.MoreProblems));
        Assert.InRange(Compiled.Of($"(int x) => {new string('y', 5000)}").Problems.Single().Message.Length, 100, 301);
    }
}
