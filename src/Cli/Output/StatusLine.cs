namespace Cluster.Cli.Output;

/// <summary>
/// What a command says of its progress: one line at the bottom of a terminal that is written over again and again; where there is no terminal, a plain line now and then. Everything else that goes
/// to the terminal is written through it, so that the two do not mix. Thread-safe.
/// </summary>
/// <param name="output">Where it is shown; null: nowhere.</param>
/// <param name="isTerminal">Whether that can be written over.</param>
/// <param name="width">How many characters fit a line; null: any.</param>
internal sealed class StatusLine(TextWriter? output, bool isTerminal = true, Func<int>? width = null)
{
    private const string EraseLine = "\r\e[K";

    private readonly Lock _lock = new();
    private string _shown = "";

    public bool IsVisible => output is not null;

    /// <summary>How often it is worth another text: a log is no place for one every moment.</summary>
    public TimeSpan Period { get; } = isTerminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(10);

    /// <summary>The line of a command on stderr.</summary>
    /// <param name="quiet">Nobody wants it.</param>
    public static StatusLine OnStandardError(bool quiet) => quiet
        ? new StatusLine(null)
        : new StatusLine(Console.Error, Terminal.IsOnStandardError, static () => Console.WindowWidth);

    /// <summary>Shows another text; an empty one takes the line away.</summary>
    public void Show(string text)
    {
        lock (_lock)
        {
            text = width is not null && isTerminal && width() is > 1 and var most && text.Length >= most ? text[..(most - 1)] : text;
            if (text == _shown)
            {
                return;
            }

            _shown = text;
            if (isTerminal)
            {
                output?.Write(EraseLine + text);
            }
            else if (text.Length > 0)
            {
                output?.WriteLine(text);
            }
        }
    }

    /// <summary>Writes something that may end up on the same terminal.</summary>
    public void Interleave<T>(Action<T> write, T argument)
    {
        lock (_lock)
        {
            if (!isTerminal || _shown.Length == 0)
            {
                write(argument);
                return;
            }

            output?.Write(EraseLine);
            write(argument);
            output?.Write(_shown);
        }
    }
}
