using System.CommandLine;
using Cluster.Cli.Commands;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class SecondsOptionTests
{
    private static readonly Option<TimeSpan?> AboveZero = SecondsOption.Create("--timeout", "", SecondsOption.LongestOfItem);
    private static readonly Option<TimeSpan?> FromZero = SecondsOption.Create("--patience", "", TimeSpan.FromSeconds(10), takesZero: true);
    private static readonly RootCommand Command = new() { AboveZero, FromZero };

    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("90", 90)]
    [InlineData("2073600", 2_073_600)]
    public void Parts_of_a_second_have_a_point(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Command.Parse(["--timeout", text]).GetValue(AboveZero));

    [Theory]
    [InlineData("--timeout", "0")]
    [InlineData("--timeout", "-1")]
    [InlineData("--timeout", "NaN")]
    [InlineData("--timeout", "1e-9")]
    [InlineData("--timeout", "1e300")]
    [InlineData("--timeout", "2073601")]
    [InlineData("--timeout", "soon")]
    [InlineData("--patience", "10.5")]
    [InlineData("--patience", "-0.1")]
    public void What_is_no_time_is_refused_with_the_range(string option, string text) =>
        Assert.StartsWith($"{option} must be a number of seconds ", Command.Parse([option, text]).Errors[0].Message, StringComparison.Ordinal);

    [Fact]
    public void Zero_may_be_a_time_and_nothing_is_the_default()
    {
        Assert.Equal(TimeSpan.Zero, Command.Parse(["--patience", "0"]).GetValue(FromZero));
        Assert.Null(Command.Parse([]).GetValue(FromZero));
    }
}
