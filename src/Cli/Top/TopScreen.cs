using System.Text;

namespace Cluster.Cli.Top;

/// <summary>Draws snapshots over each other on a terminal, on a screen of its own: what was there before is there again afterwards.</summary>
internal sealed class TopScreen : ITopView
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string EraseToEndOfLine = "\e[K";
    private const string EraseBelow = "\e[J";
    private const string Reset = "\e[0m";

    private readonly TextWriter _terminal;
    private readonly Func<(int Width, int Height)> _size;
    private readonly bool _hasColors;

    /// <param name="terminal">The terminal.</param>
    /// <param name="size">How large it is now.</param>
    /// <param name="hasColors">Whether its user wants colours.</param>
    /// <param name="quit">Done when the user has seen enough.</param>
    public TopScreen(TextWriter terminal, Func<(int Width, int Height)> size, bool hasColors, Task quit)
    {
        (_terminal, _size, _hasColors, Quit) = (terminal, size, hasColors, quit);
        terminal.Write(Enter);
    }

    public Task Quit { get; }

    public void Show(TopSnapshot top)
    {
        var (width, height) = _size();
        var rows = TopLayout.Of(top, width, height, TimeZoneInfo.Local);
        var screen = new StringBuilder(Home);
        foreach (var (text, style) in rows.Take(height))
        {
            screen.Append(screen.Length > Home.Length ? "\r\n" : "").Append(_hasColors ? ColorOf(style) : "").Append(text).Append(_hasColors ? Reset : "").Append(EraseToEndOfLine);
        }

        _terminal.Write(screen.Append(EraseBelow).ToString());
    }

    public void Dispose() => _terminal.Write(Leave);

    private static string ColorOf(TopStyle style) => style switch
    {
        TopStyle.Heading => "\e[1m",
        TopStyle.Warning => "\e[33m",
        TopStyle.Problem => "\e[31m",
        _ => "",
    };
}
