using System.CommandLine;
using System.CommandLine.Parsing;
using Cluster.Cli.Commands;
using Cluster.Cli.Hosting;
using Cluster.Local.Programs;

namespace Cluster.Cli.Completion;

/// <summary>Answers shells that ask how a command line may go on: a line for each possibility.</summary>
internal static class Suggestions
{
    /// <summary>Answers if that is what is asked.</summary>
    public static Func<CancellationToken, Task<int>>? Match(string[] args) => TypedLine.Parse(args) is { } line ? termination => PrintAsync(line, termination) : null;

    /// <summary>How the line may go on, by the command line's own words.</summary>
    public static IEnumerable<string> Of(RootCommand root, TypedLine line, out ParseResult parsed)
    {
        var text = root.Name + line.Rest;
        parsed = root.Parse(text, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.GetCompletions(text.Length).Select(static item => item.InsertText ?? item.Label).Where(text => text.StartsWith(line.Word, StringComparison.Ordinal) && !IsShortName(text));
    }

    private static async Task<int> PrintAsync(TypedLine line, CancellationToken termination)
    {
        if (line.Command is CoordinatorCommand.Name or NodeCommand.Name)
        {
            // They have options of their own.
            var programs = ClusterPrograms.Locate(directory: null);
            var help = await ForegroundProgram.AskAsync(line.Command == NodeCommand.Name ? programs.StartNode(["--help"]) : programs.StartCoordinator(["--help"]), termination);
            return Print(HelpText.Options(help).Where(option => option.StartsWith(line.Word, StringComparison.Ordinal)));
        }

        string[] all = [.. Of(CommandRunner.CreateRoot(), line, out var parsed), .. await NamesAsync(parsed, line, termination)];

        // Options only where nothing else can stand, or where somebody has begun one.
        var others = all.Where(static text => !text.StartsWith('-')).ToArray();
        return Print(others.Length > 0 ? others : all);
    }

    private static int Print(IEnumerable<string> texts)
    {
        foreach (var text in texts.Distinct(StringComparer.Ordinal))
        {
            Console.Out.WriteLine(text);
        }

        return ExitCodes.Success;
    }

    // Nobody needs help to type one letter.
    private static bool IsShortName(string text) => text is ['-' or '/', not '-', ..];

    // The value of the command's first argument, if that is what is being typed.
    private static async Task<IEnumerable<string>> NamesAsync(ParseResult parsed, TypedLine line, CancellationToken termination)
    {
        var isOption = line.Word.StartsWith('-') || (line.Word.Length == 0 && parsed.Tokens is [.., { Type: TokenType.Option }]);
        return !isOption && parsed.CommandResult.Command.Arguments is [var first, ..] && (parsed.GetResult(first)?.Tokens.Count ?? 0) == (line.Word.Length == 0 ? 0 : 1)
            ? (await KnownNames.OfAsync(first, parsed, termination)).Where(name => name.StartsWith(line.Word, StringComparison.Ordinal))
            : [];
    }
}
