using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>How many lines of output were dropped, by node, and the client has not been told of. Not thread-safe.</summary>
internal sealed class DroppedOutput
{
    private readonly Dictionary<string, ulong> _lines = new(StringComparer.Ordinal);

    /// <summary>Counts what a message has.</summary>
    public void Add(string node, Output output)
    {
        var lines = output.Dropped.Aggregate((ulong)output.Lines.Count, static (sum, dropped) => sum + dropped.Lines);
        _lines[node] = _lines.GetValueOrDefault(node) + lines;
    }

    /// <summary>Puts the numbers into the next message for the client.</summary>
    /// <returns>False: there are none.</returns>
    public bool MoveTo(Output output)
    {
        if (_lines.Count == 0)
        {
            return false;
        }

        output.Dropped.Add(_lines.Select(static pair => new DroppedLines { Node = pair.Key, Lines = pair.Value }));
        _lines.Clear();
        return true;
    }
}
