using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Cluster.Cli.Output;

/// <summary>Prints what commands list: a table for people, or a line of JSON for each.</summary>
internal static class Listing
{
    // A pipe has no width: whoever reads it wants each row on one line.
    private const int UnboundedWidth = 4096;

    public static void PrintLines<T>(IEnumerable<T> lines, JsonTypeInfo<T> type)
    {
        foreach (var line in lines)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(line, type));
        }
    }

    public static void PrintTable(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.None).AddColumns(columns);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(static cell => new Text(cell))]);
        }

        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = UnboundedWidth;
        }

        AnsiConsole.Write(table);
    }

    /// <summary>A number as a cell.</summary>
    public static string Cell(long number) => number.ToString(CultureInfo.InvariantCulture);
}
