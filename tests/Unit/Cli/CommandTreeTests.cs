using System.CommandLine;
using Cluster.Cli.Commands;
using Xunit;

namespace Cluster.Unit.Cli;

/// <summary>What all commands together must keep to, so that nobody has to learn an option twice.</summary>
public sealed class CommandTreeTests
{
    private static readonly Option[] Everywhere = [.. CommandRunner.CreateRoot().Options];

    private static readonly (string Path, Command Command)[] Commands = [.. Walk("cluster", CommandRunner.CreateRoot())];

    public static TheoryData<string> Paths => [.. Commands.Select(static entry => entry.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void No_command_has_two_options_of_one_name(string path)
    {
        var command = Commands.Single(entry => entry.Path == path).Command;
        var names = command.Options.Concat(command is RootCommand ? [] : Everywhere.Where(static option => option.Recursive)).SelectMany(Names).ToArray();
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
    }

    [Fact]
    public void A_short_name_means_the_same_on_every_command()
    {
        // GNU parallel's -a is a file, and people who come from there type it.
        var shared = AllOptions().Where(static entry => entry is not ("cluster exec", { Name: "--arg-file" }))
            .SelectMany(static entry => entry.Option.Aliases.Select(alias => (Alias: alias, entry.Option.Name)));
        foreach (var group in shared.GroupBy(static pair => pair.Alias, static pair => pair.Name))
        {
            Assert.True(group.Distinct().Count() == 1, $"{group.Key} is {string.Join(" and ", group.Distinct())}.");
        }
    }

    [Fact]
    public void A_long_name_has_the_same_short_ones_and_takes_the_same_on_every_command()
    {
        foreach (var group in AllOptions().Where(static entry => entry is not ("cluster exec", { Name: "--address" })).GroupBy(static entry => entry.Option.Name))
        {
            var forms = group.Select(static entry => $"{string.Join(' ', entry.Option.Aliases.Order(StringComparer.Ordinal))} {(entry.Option.ValueType == typeof(bool) ? "alone" : "with a value")}").Distinct().ToArray();
            Assert.True(forms.Length == 1, $"{group.Key} is {string.Join(" and ", forms)} in {string.Join(", ", group.Select(static entry => entry.Path))}.");
        }
    }

    [Fact]
    public void The_address_of_exec_has_no_short_name()
    {
        var exec = Commands.Single(static entry => entry.Path == "cluster exec").Command;
        Assert.Equal("--arg-file", exec.Options.Single(static option => option.Aliases.Contains("-a")).Name);
        Assert.Empty(exec.Options.Single(static option => option.Name == "--address").Aliases);
    }

    private static IEnumerable<(string Path, Option Option)> AllOptions() => Commands.SelectMany(static entry => entry.Command.Options.Select(option => (entry.Path, option)));

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    private static IEnumerable<(string Path, Command Command)> Walk(string path, Command command) =>
        command.Subcommands.SelectMany(child => Walk($"{path} {child.Name}", child)).Prepend((path, command));
}
