using Cluster.Cli.Output;

namespace Cluster.Cli.Exec;

/// <summary>Writes what programs wrote: all of an item together, in the order of the items or as they come. Thread-safe.</summary>
/// <param name="output">Gets what they wrote to stdout.</param>
/// <param name="error">Gets what they wrote to stderr.</param>
/// <param name="status">The line at the bottom of the terminal.</param>
/// <param name="progress">How far it is.</param>
/// <param name="log">The job log; null: there is none.</param>
/// <param name="inOrder">In the order of the items.</param>
/// <param name="tag">Whether each line begins with its item.</param>
internal sealed class ExecPrinter(Stream output, Stream error, StatusLine status, ItemProgress progress, ExecLog? log, bool inOrder, bool tag)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, ExecOutcome?> _early = [];
    private long _next;

    /// <summary>An item is done.</summary>
    /// <exception cref="OutputClosedException">Nobody reads any more.</exception>
    public void Print(ExecOutcome outcome)
    {
        lock (_gate)
        {
            if (!outcome.IsHalted)
            {
                log?.Add(outcome);
                Count(outcome);
            }

            Take_NeedsLock(outcome.Index, outcome);
        }
    }

    /// <summary>An item was done before.</summary>
    public void Skip(long index)
    {
        progress.Skip();
        lock (_gate)
        {
            Take_NeedsLock(index, null);
        }
    }

    /// <summary>Nothing more comes: what waits for an item that was not begun is written.</summary>
    public void End()
    {
        lock (_gate)
        {
            foreach (var outcome in _early.Values)
            {
                Write(outcome);
            }

            _early.Clear();
        }
    }

    private void Count(ExecOutcome outcome)
    {
        if (outcome.HasSucceeded)
        {
            progress.AddResult();
        }
        else
        {
            progress.AddFailure();
        }
    }

    private void Take_NeedsLock(long index, ExecOutcome? outcome)
    {
        if (!inOrder)
        {
            Write(outcome);
            return;
        }

        _early[index] = outcome;
        while (_early.Remove(_next, out var next))
        {
            Write(next);
            _next++;
        }
    }

    private void Write(ExecOutcome? outcome)
    {
        if (outcome is not null)
        {
            status.Interleave(WriteParts, outcome);
        }
    }

    private void WriteParts(ExecOutcome outcome)
    {
        WritePart(output, outcome.Output, outcome.Item);
        WritePart(error, outcome.Error, outcome.Item);
        if (outcome.Problem is { } problem)
        {
            Console.Error.WriteLine($"cluster: {outcome.Item}: {problem}");
        }
    }

    private void WritePart(Stream stream, byte[] bytes, string item)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        try
        {
            if (tag)
            {
                var prefix = System.Text.Encoding.UTF8.GetBytes(item + "\t");
                foreach (var line in Lines(bytes))
                {
                    stream.Write(prefix);
                    stream.Write(line.Span);
                }
            }
            else
            {
                stream.Write(bytes);
            }

            stream.Flush();
        }
        catch (IOException exception)
        {
            throw new OutputClosedException(exception);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            var length = end < 0 ? bytes.Length : end + 1;
            yield return bytes[..length];
            bytes = bytes[length..];
        }
    }
}
