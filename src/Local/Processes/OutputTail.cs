namespace Cluster.Local.Processes;

/// <summary>The last lines of a stream, bounded in characters, for the message of a failure. Thread-safe.</summary>
internal sealed class OutputTail(int maxCharacters)
{
    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private int _characters;

    public void Add(string line)
    {
        if (line.Length > maxCharacters)
        {
            line = line[^maxCharacters..];
        }

        lock (_lock)
        {
            _lines.Enqueue(line);
            _characters += line.Length;
            while (_characters > maxCharacters)
            {
                _characters -= _lines.Dequeue().Length;
            }
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join(Environment.NewLine, _lines);
        }
    }
}
