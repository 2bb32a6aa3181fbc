using System.Text.Json;

namespace Cluster.Cli.Items;

/// <summary>
/// Makes an item of a line. Where the function takes text, the line is the text; everything else is JSON, and so is a list of arguments.
/// </summary>
/// <param name="takesText">Whether the function's only parameter is a string.</param>
/// <param name="spreadOver">For lists of arguments: how many there must be; null: the item is the only argument.</param>
internal sealed class ItemParser(bool takesText, int? spreadOver)
{
    /// <exception cref="UsageException">The line is not what the function takes; the message says which line it is.</exception>
    public JsonElement Parse(in InputLine line)
    {
        if (takesText && spreadOver is null)
        {
            return JsonSerializer.SerializeToElement(line.Text, CliJson.Default.String);
        }

        JsonElement value;
        try
        {
            value = JsonSerializer.Deserialize(line.Text, CliJson.Default.JsonElement);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{Capitalized(line)} is no JSON value: {Shorten(line.Text)} (at character {e.BytePositionInLine + 1})", e);
        }

        if (spreadOver is not { } count)
        {
            return value;
        }

        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == count
            ? value
            : throw new UsageException(
                $"{Capitalized(line)} is not a JSON array of the function's {count} argument{(count == 1 ? "" : "s")}, as --star takes them: {Shorten(line.Text)}");
    }

    private static string Capitalized(in InputLine line)
    {
        var text = line.ToString();
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
