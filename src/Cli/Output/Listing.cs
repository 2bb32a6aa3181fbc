using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Cluster.Cli.Output;

/// <summary>Prints what commands list: a table for people, or a line of JSON for each.</summary>
internal static class Listing
{
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

        AnsiConsole.Write(table);
    }

    /// <summary>A number as a cell.</summary>
    public static string Cell(long number) => number.ToString(CultureInfo.InvariantCulture);
}
