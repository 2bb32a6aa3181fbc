using Cluster.Cli.Commands;
using Cluster.Cli.Completion;
using Xunit;

namespace Cluster.Unit.Cli.Completion;

public sealed class TypedLineTests
{
    [Theory]
    [InlineData("cluster jo", 10, " jo", "jo", null)]
    [InlineData("cluster job ", 12, " job ", "", "job")]
    [InlineData("cluster job", 12, " job ", "", "job")]
    [InlineData("/opt/bin/cluster job --json", 24, " job --j", "--j", "job")]
    [InlineData("cluster", 7, "", "", null)]
    [InlineData("cluster job x", 999, " job x ", "", "job")]
    public void The_line_counts_up_to_the_cursor(string line, int position, string rest, string word, string? command)
    {
        var typed = TypedLine.Parse([$"[suggest:{position}]", line])!;
        Assert.Equal((rest, word, command), (typed.Rest, typed.Word, typed.Command));
    }

    [Fact]
    public void Everything_else_is_no_question()
    {
        Assert.Null(TypedLine.Parse([]));
        Assert.Null(TypedLine.Parse(["jobs", "x"]));
        Assert.Null(TypedLine.Parse(["[suggest:x]", "cluster"]));
        Assert.Null(TypedLine.Parse(["[suggest:-1]", "cluster"]));
        Assert.Null(TypedLine.Parse(["[suggest:1]"]));
    }

    [Theory]
    [InlineData("cluster jo", "job|jobs")]
    [InlineData("cluster dict ", "delete|get|incr|list|set|watch")]
    [InlineData("cluster jobs --sta", "--state")]
    [InlineData("cluster jobs --state r", "running")]
    [InlineData("cluster completion ", "bash|fish|pwsh|zsh")]
    [InlineData("cluster objects --kind r", "rlock")]
    [InlineData("cluster exec --ad", "--address")]
    public void The_command_line_knows_how_it_may_go_on(string line, string expected)
    {
        var typed = TypedLine.Parse([$"[suggest:{line.Length}]", line])!;
        Assert.Equal(expected.Split('|'), Suggestions.Of(CommandRunner.CreateRoot(), typed, out _).Where(text => typed.Word.Length > 0 || !text.StartsWith('-')).Distinct().Order(StringComparer.Ordinal));
    }
}
