using System.Text;

namespace Cluster.Node.Workers.Processes;

/// <summary>Reads lines of bounded length: what writes them is not ours, and may never write a line break.</summary>
internal sealed class LineReader(TextReader reader, int maxLength)
{
    private readonly char[] _buffer = new char[4096];
    private readonly StringBuilder _line = new();
    private int _next;
    private int _end;

    /// <summary>The next line without its break, or as much of it as may be; null at the end.</summary>
    public async ValueTask<string?> ReadAsync()
    {
        while (true)
        {
            if (_next == _end)
            {
                _next = 0;
                _end = await reader.ReadAsync(_buffer).ConfigureAwait(false);
                if (_end == 0)
                {
                    return _line.Length > 0 ? Take() : null;
                }
            }

            var rest = _buffer.AsSpan(_next, _end - _next);
            var lineBreak = rest.IndexOf('\n');
            var piece = lineBreak < 0 ? rest : rest[..lineBreak];
            var taken = Math.Min(piece.Length, maxLength - _line.Length);
            _line.Append(piece[..taken]);
            _next += taken;
            if (taken == piece.Length && lineBreak >= 0)
            {
                _next++;
                return Take();
            }

            if (_line.Length == maxLength)
            {
                return Take();
            }
        }
    }

    private string Take()
    {
        var length = _line.Length > 0 && _line[^1] == '\r' ? _line.Length - 1 : _line.Length;
        var line = _line.ToString(0, length);
        _line.Clear();
        return line;
    }
}
