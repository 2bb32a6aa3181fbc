using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// Failures that a client is still to be told, as ranges: millions of items may be cancelled with one word, and as messages they would fill the memory
/// of the coordinator before the client has read the first. Not thread-safe.
/// </summary>
internal sealed class OwedFailures
{
    // Others must be able to follow.
    private const int MaxFailuresPerMessage = 1000;

    private readonly Queue<Range> _ranges = new();
    private Range? _last;

    /// <summary>How many items.</summary>
    public ulong Items { get; private set; }

    /// <summary>Adds items that failed, or were cancelled, for one reason.</summary>
    public void Add(ItemRange items, ErrorInfo error, uint attempt)
    {
        Items += items.Count;
        if (_last is { } last && last.Items.End == items.First && last.Attempt == attempt && last.Error.Equals(error))
        {
            last.Items = ItemRange.Between(last.Items.First, items.End);
            return;
        }

        _last = new Range(error, attempt) { Items = items };
        _ranges.Enqueue(_last);
    }

    /// <summary>The next message; null when everything is told.</summary>
    public Results? Take()
    {
        if (!_ranges.TryPeek(out var next))
        {
            return null;
        }

        var results = new Results { Attempt = next.Attempt };
        while (results.Failures.Count < MaxFailuresPerMessage && _ranges.TryPeek(out var range) && range.Attempt == results.Attempt)
        {
            results.Failures.Add(new ItemFailure { Index = range.Items.First, Error = range.Error });
            range.Items = ItemRange.Between(range.Items.First + 1, range.Items.End);
            if (range.Items.Count == 0)
            {
                _ranges.Dequeue();
                _last = ReferenceEquals(range, _last) ? null : _last;
            }
        }

        Items -= (ulong)results.Failures.Count;
        return results;
    }

    private sealed class Range(ErrorInfo error, uint attempt)
    {
        public ErrorInfo Error { get; } = error;

        public uint Attempt { get; } = attempt;

        public ItemRange Items { get; set; }
    }
}
