using System.Globalization;
using System.Text;

namespace Cluster.Client.Commands;

/// <summary>
/// A command with places for an item, those of GNU parallel: <c>{}</c> is the item, <c>{.}</c> without its extension, <c>{/}</c> without its folder, <c>{//}</c> its folder, <c>{/.}</c> its
/// name without both, <c>{#}</c> and <c>{index}</c> its number from 1 and from 0. A command without a place for the item gets it as its last argument.
/// </summary>
internal sealed class CommandTemplate
{
    private static readonly string[] ItemPlaces = ["{}", "{.}", "{/}", "{//}", "{/.}"];

    private readonly string[] _words;
    private readonly bool _throughShell;

    /// <param name="words">The command.</param>
    /// <param name="appends">Whether a command without a place gets the item.</param>
    /// <param name="throughShell">Whether it is one line for <c>sh -c</c>; items are quoted in it.</param>
    public CommandTemplate(IReadOnlyList<string> words, bool appends, bool throughShell)
    {
        var hasPlace = words.Any(static word => ItemPlaces.Any(place => word.Contains(place, StringComparison.Ordinal)));
        _words = appends && !hasPlace ? [.. words, "{}"] : [.. words];
        _throughShell = throughShell;
    }

    /// <summary>The command for an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="index">Its number, from 0.</param>
    public IReadOnlyList<string> For(string item, long index) =>
        _throughShell ? ["sh", "-c", string.Join(' ', _words.Select(word => Fill(word, item, index, Quote)))]
        : [.. _words.Select(word => Fill(word, item, index, static text => text))];

    /// <summary>A command as a line that a shell would read as it.</summary>
    public static string Line(IReadOnlyList<string> command) => string.Join(' ', command.Select(Quote));

    private static string Fill(string word, string item, long index, Func<string, string> quote)
    {
        var filled = new StringBuilder(word.Length + item.Length);
        for (var at = 0; at < word.Length;)
        {
            var place = word[at] == '{' && word.IndexOf('}', at) is > 0 and var end ? word[at..(end + 1)] : "";
            if (ValueOf(place, item, index) is { } value)
            {
                filled.Append(quote(value));
                at += place.Length;
            }
            else
            {
                filled.Append(word[at++]);
            }
        }

        return filled.ToString();
    }

    private static string? ValueOf(string place, string item, long index) => place switch
    {
        "{}" => item,
        "{.}" => WithoutExtension(item),
        "{/}" => Path.GetFileName(item),
        "{//}" => Path.GetDirectoryName(item) is { Length: > 0 } folder ? folder : ".",
        "{/.}" => Path.GetFileNameWithoutExtension(item),
        "{#}" => (index + 1).ToString(CultureInfo.InvariantCulture),
        "{index}" => index.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string WithoutExtension(string item) => item[..^Path.GetExtension(item).Length];

    private static string Quote(string word) =>
        word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || "_-./:=,@%+".Contains(c, StringComparison.Ordinal)) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
