namespace Cluster.Cli.Top;

/// <summary>Lines of cells in columns, each cut off where the terminal ends: a row that took two lines would push others out of sight. Pure.</summary>
/// <param name="columns">Headings; those that begin with <c>&gt;</c> stand over numbers, to the right.</param>
internal sealed class TopTable(params string[] columns)
{
    private const string Gap = "  ";

    private readonly List<(string[] Cells, TopStyle Style)> _rows = [];

    public int Count => _rows.Count;

    public void Add(TopStyle style, params string[] cells) => _rows.Add((cells, style));

    /// <summary>The heading and the first rows.</summary>
    /// <param name="most">How many lines there is room for; what does not fit is counted in the last.</param>
    /// <param name="width">Of a line.</param>
    /// <param name="what">What the rows are.</param>
    public IEnumerable<TopRow> Lines(int most, int width, string what)
    {
        var shown = _rows.Count + 1 <= most ? _rows.Count : Math.Max(0, most - 2);
        int[] widths = [.. columns.Select((column, i) => _rows.Take(shown).Select(row => row.Cells[i].Length).Append(column.TrimStart('>').Length).Max())];
        yield return new TopRow(Line([.. columns.Select(static column => column.TrimStart('>'))], widths, width), TopStyle.Heading);
        foreach (var (cells, style) in _rows.Take(shown))
        {
            yield return new TopRow(Line(cells, widths, width), style);
        }

        if (shown < _rows.Count)
        {
            yield return new TopRow(Cut($"… {_rows.Count - shown} more {what}", width));
        }
    }

    /// <summary>A text that fits.</summary>
    public static string Cut(string text, int width)
    {
        // What others have named must not move the cursor.
        var line = string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));
        return line.Length <= width ? line : width < 1 ? "" : $"{line[..(width - 1)]}…";
    }

    private string Line(string[] cells, int[] widths, int width) =>
        Cut(string.Join(Gap, cells.Select((cell, i) => columns[i][0] == '>' ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd(' '), width);
}
