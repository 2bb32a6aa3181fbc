using System.Text.RegularExpressions;
using Cluster.Interop.Foreign;

namespace Cluster.Interop.Guides;

/// <summary>A file in Markdown, and the blocks of code in it: indented ones, and fenced ones that name no language or the shell's.</summary>
/// <remarks>A line <c>&lt;!-- not run: why --&gt;</c> before a block says that its commands are not run.</remarks>
internal sealed partial class Guide
{
    private const string Indentation = "    ";
    private const string Fence = "```";

    private Guide(string name, IReadOnlyList<GuideBlock> blocks) => (Name, Blocks) = (name, blocks);

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(ForeignTools.ProjectDirectory, "..", ".."));

    /// <summary>All that the repository has, by their paths in it.</summary>
    public static IEnumerable<string> Names =>
        from folder in new[] { "", "docs", "deploy", "bench", "samples", "protos" }
        let path = Path.Combine(Root, folder)
        where Directory.Exists(path)
        from file in Directory.GetFiles(path, "*.md", folder.Length == 0 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Root, file)
        where !name.Contains("node_modules", StringComparison.Ordinal)
        select name;

    /// <summary>Its path in the repository.</summary>
    public string Name { get; }

    public IReadOnlyList<GuideBlock> Blocks { get; }

    /// <summary>Reads one.</summary>
    /// <param name="name">Its path in the repository.</param>
    public static Guide Read(string name) => Parse(name, File.ReadAllLines(Path.Combine(Root, name)));

    /// <summary>Finds the blocks of a text.</summary>
    public static Guide Parse(string name, string[] lines)
    {
        List<GuideBlock> blocks = [];
        string? notRun = null;
        for (var at = 0; at < lines.Length; at++)
        {
            if (lines[at].StartsWith(Fence, StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, at + 1, static line => line.StartsWith(Fence, StringComparison.Ordinal));
                end = end < 0 ? lines.Length : end;
                if (lines[at][Fence.Length..].Trim() is "" or "sh" or "bash" or "console")
                {
                    blocks.Add(new GuideBlock(at + 2, lines[(at + 1)..end], notRun));
                }

                at = end;
                notRun = null;
            }
            else if (IsIndented(lines[at]) && (at == 0 || lines[at - 1].Length == 0))
            {
                var end = at;
                while (end < lines.Length && (IsIndented(lines[end]) || lines[end].Length == 0))
                {
                    end++;
                }

                blocks.Add(new GuideBlock(at + 1, [.. lines[at..end].Select(static line => line.Length == 0 ? line : line[Indentation.Length..])], notRun));
                at = end - 1;
                notRun = null;
            }
            else if (lines[at].Length > 0)
            {
                notRun = Marker().Match(lines[at]) is { Success: true } marker ? marker.Groups["why"].Value : null;
            }
        }

        return new Guide(name, blocks);
    }

    private static bool IsIndented(string line) => line.StartsWith(Indentation, StringComparison.Ordinal);

    [GeneratedRegex(@"^ *<!-- not run: (?<why>.*\S) -->$")]
    private static partial Regex Marker();
}
