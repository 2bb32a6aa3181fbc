namespace Cluster.Interop.Guides;

/// <summary>A command that a guide shows.</summary>
/// <param name="Line">Where it is, from 1.</param>
/// <param name="Command">The command; of several lines where they end with backslashes.</param>
/// <param name="Shown">What the guide says that it prints; empty: the guide does not say.</param>
internal sealed record GuideStep(int Line, string Command, string Shown)
{
    private const string Prompt = "$ ";

    /// <summary>The commands of a block. Where lines begin with <c>$ </c> these are the commands, and what follows each is its output; otherwise all lines are commands.</summary>
    public static IEnumerable<GuideStep> Of(GuideBlock block)
    {
        var hasPrompts = block.Lines.Any(static line => line.StartsWith(Prompt, StringComparison.Ordinal));
        for (var at = 0; at < block.Lines.Count;)
        {
            var first = at;
            List<string> command = [];
            do
            {
                command.Add(hasPrompts && at == first ? block.Lines[at][Math.Min(Prompt.Length, block.Lines[at].Length)..] : block.Lines[at]);
            }
            while (block.Lines[at++].EndsWith('\\') && at < block.Lines.Count);

            List<string> shown = [];
            while (hasPrompts && at < block.Lines.Count && !block.Lines[at].StartsWith(Prompt, StringComparison.Ordinal))
            {
                shown.Add(block.Lines[at++]);
            }

            if (command is not [""])
            {
                yield return new GuideStep(block.Line + first, string.Join('\n', command), string.Join('\n', shown).Trim('\n'));
            }
        }
    }
}
