using System.Text;

namespace Cluster.Node.Workers.Processes;

/// <summary>The last lines of a worker's stderr, up to a number of characters: what a person needs to see when it has died.</summary>
internal sealed class OutputTail(int capacity)
{
    private readonly Queue<string> _lines = new();
    private readonly Lock _gate = new();
    private int _length;

    public void Add(string line)
    {
        if (IsOurFrame(line))
        {
            return;
        }

        // The end of a line that is too long says more than its beginning.
        var kept = line.Length < capacity ? line : line[^(capacity - 1)..];
        lock (_gate)
        {
            _lines.Enqueue(kept);
            _length += kept.Length + 1;
            while (_length > capacity)
            {
                _length -= _lines.Dequeue().Length + 1;
            }
        }
    }

    /// <summary>The lines, each ended by a line feed.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            var text = new StringBuilder(_length);
            foreach (var line in _lines)
            {
                text.Append(line).Append('\n');
            }

            return text.ToString();
        }
    }

    /// <summary>The stack of a crash ends with the worker's own frames: they would push out the first lines, which say what happened.</summary>
    private static bool IsOurFrame(string line) =>
        line.StartsWith("   at ", StringComparison.Ordinal) && line.Contains("Cluster.Worker.", StringComparison.Ordinal);
}
