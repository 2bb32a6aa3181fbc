using Cluster.Cli;
using Cluster.Cli.Functions;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class FunctionNameTests
{
    [Fact]
    public void The_last_dot_separates_the_method() => Assert.Equal(("Acme.Math", "Square", null), Parts("Acme.Math.Square"));

    [Fact]
    public void Parameter_types_choose_an_overload() => Assert.Equal(("Math", "Add", "int|string[]"), Parts("Math.Add(int, string[])"));

    [Fact]
    public void An_empty_list_of_types_is_a_list() => Assert.Equal(("Math", "Now", ""), Parts("Math.Now()"));

    [Theory]
    [InlineData("Square")]
    [InlineData(".Square")]
    [InlineData("Math.")]
    [InlineData("")]
    [InlineData("(int)")]
    public void What_names_no_method_is_refused(string text) => Assert.Throws<UsageException>(() => FunctionName.Parse(text));

    private static (string Type, string Method, string? Parameters) Parts(string text)
    {
        var name = FunctionName.Parse(text);
        return (name.Type, name.Method, name.Parameters is { } types ? string.Join('|', types) : null);
    }
}
