namespace Cluster.Cli.Output;

/// <summary>
/// One line at the bottom of a terminal that is written over again and again. Everything else that goes to the terminal is written
/// through it, so that the two do not mix. Thread-safe.
/// </summary>
/// <param name="terminal">The terminal; null: there is none, and no line.</param>
internal sealed class StatusLine(TextWriter? terminal)
{
    private const string EraseLine = "\r\e[K";

    private readonly Lock _lock = new();
    private string _shown = "";

    public bool IsVisible => terminal is not null;

    /// <summary>Shows another text; an empty one takes the line away.</summary>
    public void Show(string text)
    {
        lock (_lock)
        {
            if (text != _shown)
            {
                terminal?.Write(EraseLine + text);
                _shown = text;
            }
        }
    }

    /// <summary>Writes something that may end up on the same terminal.</summary>
    public void Interleave<T>(Action<T> write, T argument)
    {
        lock (_lock)
        {
            if (_shown.Length > 0)
            {
                terminal?.Write(EraseLine);
            }

            write(argument);
            if (_shown.Length > 0)
            {
                terminal?.Write(_shown);
            }
        }
    }
}
