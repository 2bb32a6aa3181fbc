using System.Text;
using Cluster.Client;
using Cluster.Worker.Results;

namespace Cluster.Worker.Output;

/// <summary>Cuts what a chunk prints into lines, and adds them to its results.</summary>
internal sealed class ChunkLines(ResultStream results, TaskContext context)
{
    /// <summary>Longer lines are cut: nothing may grow without a bound.</summary>
    private const int MaxLine = 16 << 10;

    private readonly Lock _gate = new();
    private readonly StringBuilder _standardOutput = new();
    private readonly StringBuilder _standardError = new();

    /// <summary>Takes text as it was printed.</summary>
    /// <returns>False when the chunk has ended, and its lines go nowhere any more.</returns>
    public bool TryWrite(ReadOnlySpan<char> text, bool isError)
    {
        lock (_gate)
        {
            var partial = isError ? _standardError : _standardOutput;
            while (true)
            {
                var end = text.IndexOf('\n');
                var piece = end < 0 ? text : text[..end];
                while (partial.Length + piece.Length > MaxLine)
                {
                    var room = MaxLine - partial.Length;
                    partial.Append(piece[..room]);
                    piece = piece[room..];
                    if (!TryAdd_NeedsLock(partial, isError))
                    {
                        return false;
                    }
                }

                partial.Append(piece);
                if (end < 0)
                {
                    // Whatever is left without a line break is due when the item ends.
                    if (partial.Length > 0)
                    {
                        results.IsDue = true;
                    }

                    return true;
                }

                if (!TryAdd_NeedsLock(partial, isError))
                {
                    return false;
                }

                text = text[(end + 1)..];
            }
        }
    }

    /// <summary>The item has ended: what it left without a line break is a line.</summary>
    public void EndItem()
    {
        lock (_gate)
        {
            if (_standardOutput.Length > 0)
            {
                TryAdd_NeedsLock(_standardOutput, false);
            }

            if (_standardError.Length > 0)
            {
                TryAdd_NeedsLock(_standardError, true);
            }
        }
    }

    private bool TryAdd_NeedsLock(StringBuilder partial, bool isError)
    {
        var length = partial.Length > 0 && partial[^1] == '\r' ? partial.Length - 1 : partial.Length;
        var line = partial.ToString(0, length);
        partial.Clear();
        return results.TryAddLine(line, isError, (ulong)context.Index);
    }
}
