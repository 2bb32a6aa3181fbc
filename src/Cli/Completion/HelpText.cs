using System.Text.RegularExpressions;

namespace Cluster.Cli.Completion;

/// <summary>What the help of a program tells of its options. Pure.</summary>
internal static partial class HelpText
{
    /// <summary>The long names, in the order of the text.</summary>
    public static IEnumerable<string> Options(string help) => OptionLine().Matches(help).Select(static match => match.Groups["name"].Value);

    // "  --listen <ADDRESS>  Where to listen", "  -h, --help", but not an option that a description speaks of.
    [GeneratedRegex(@"^ {1,4}(?:-\S+, )*(?<name>--[a-z][a-z-]*)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex OptionLine();
}
