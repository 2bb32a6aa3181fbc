using System.Globalization;

namespace Cluster.Cli.Completion;

/// <summary>A command line that is being typed, as far as the cursor. Pure.</summary>
/// <param name="Rest">What stands behind the command's own name.</param>
internal sealed record TypedLine(string Rest)
{
    private const string Prefix = "[suggest:";

    /// <summary>The word at the cursor; empty: a new one begins there.</summary>
    public string Word => Rest[(Rest.LastIndexOf(' ') + 1)..];

    /// <summary>The first word behind the command's name, if it is complete.</summary>
    public string? Command => Rest.TrimStart().Split(' ') is [{ Length: > 0 } first, _, ..] ? first : null;

    /// <summary>Reads what a completion script asks: <c>[suggest:POSITION]</c> and the line.</summary>
    /// <returns>Null: it asks nothing of the kind.</returns>
    public static TypedLine? Parse(string[] args)
    {
        if (args is not [{ } directive, var line] || !directive.StartsWith(Prefix, StringComparison.Ordinal) || !directive.EndsWith(']')
            || !int.TryParse(directive.AsSpan(Prefix.Length, directive.Length - Prefix.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return null;
        }

        // Shells differ in whether a blank at the end is a part of the line.
        var typed = (position <= line.Length ? line[..position] : line.PadRight(Math.Min(position, line.Length + 1))).TrimStart();
        var end = typed.IndexOf(' ', StringComparison.Ordinal);
        return new TypedLine(end < 0 ? "" : typed[end..]);
    }
}
