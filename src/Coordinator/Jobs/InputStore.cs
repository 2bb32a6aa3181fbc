using System.Globalization;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// The inputs of a job that have no answer yet, as they were received. Chunks are cut from them without copying; answers release them. Thread-safe:
/// the client's stream appends while the scheduler's loop cuts and releases.
/// </summary>
/// <param name="format">The job's input format.</param>
/// <param name="stride">The job's bytes per item, for raw items.</param>
/// <param name="maxBytes">How many bytes may be here; a single item may exceed it.</param>
/// <param name="maxItemBytes">The largest item.</param>
/// <param name="maxItems">How many items may come, where that is known.</param>
internal sealed class InputStore(Format format, uint stride, long maxBytes, long maxItemBytes, ulong maxItems = ulong.MaxValue)
{
    private readonly Lock _gate = new();

    // Ordered by index. Those before _head are released; others may be too, until the head comes past them.
    private readonly List<InputSegment> _segments = [];
    private int _head;
    private LargeItem? _incomplete;
    private ulong _next;

    /// <summary>Bytes of the unanswered items.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of unanswered items, an incomplete one included.</summary>
    public ulong Items { get; private set; }

    /// <summary>Takes the next batch of the client.</summary>
    /// <param name="batch">As it was received; must not change afterwards.</param>
    /// <param name="complete">How many items can be handed out now because of it: none for a fragment before the last.</param>
    /// <returns>Null, or in which way the client broke the protocol, with the numbers.</returns>
    public string? Append(Batch batch, out ulong complete)
    {
        complete = 0;
        var wrong = BatchRules.Check(batch, batch.Payload.Length, maxItemBytes) ?? BatchRules.CheckLayout(batch, format, stride);
        if (wrong is not null)
        {
            return wrong;
        }

        lock (_gate)
        {
            wrong = CheckOrder_NeedsLock(batch) ?? CheckBudget_NeedsLock(batch);
            if (wrong is null)
            {
                complete = batch.FragmentTotal == 0 ? AddBatch_NeedsLock(batch) : AddFragment_NeedsLock(batch);
            }

            return wrong;
        }
    }

    /// <summary>Ends the inputs.</summary>
    /// <param name="count">How many items the client says it has sent; null where it does not say.</param>
    /// <returns>Null, or in which way the client broke the protocol.</returns>
    public string? End(ulong? count)
    {
        lock (_gate)
        {
            if (_incomplete is { } item)
            {
                return string.Create(CultureInfo.InvariantCulture, $"The inputs end within item {item.Index}: {item.Received} of its {item.Total} bytes came.");
            }

            return count is { } said && said != _next
                ? string.Create(CultureInfo.InvariantCulture, $"`end_inputs` counts {said} items, but {_next} came.")
                : null;
        }
    }

    /// <summary>The batches that hold these items, which share the memory of those received.</summary>
    public void Cut(ItemRange items, List<Batch> into)
    {
        lock (_gate)
        {
            for (var i = Find_NeedsLock(items.First); items.Count > 0; i++)
            {
                var part = _segments[i].Items.Intersect(items);
                _segments[i].Cut(part, into);
                items = ItemRange.Between(part.End, items.End);
            }
        }
    }

    /// <summary>Forgets items that are answered. Each item is released once.</summary>
    public void Release(ItemRange items)
    {
        lock (_gate)
        {
            for (var i = Find_NeedsLock(items.First); items.Count > 0; i++)
            {
                var part = _segments[i].Items.Intersect(items);
                Bytes -= _segments[i].Release(part);
                Items -= part.Count;
                items = ItemRange.Between(part.End, items.End);
            }

            Trim_NeedsLock();
        }
    }

    /// <summary>Forgets everything; nothing may be cut or released afterwards.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _segments.Clear();
            _incomplete = null;
            _head = 0;
            Bytes = 0;
            Items = 0;
        }
    }

    private string? CheckOrder_NeedsLock(Batch batch)
    {
        if (_incomplete is { } item)
        {
            return item.Continues(batch)
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"After {item.Received} of {item.Total} bytes of item {item.Index} came a batch at item {batch.First}, fragment {batch.FragmentOffset} of {batch.FragmentTotal}. The fragments of an item follow each other in order.");
        }

        if (batch.First != _next)
        {
            return string.Create(CultureInfo.InvariantCulture, $"A batch begins at item {batch.First}, but the next item is {_next}. Indices are consecutive.");
        }

        if (batch.Count > maxItems - _next)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{batch.Count} items came after {_next}, but `pin_nodes` names a node for {maxItems} items only.");
        }

        return batch.FragmentTotal != 0 && batch.FragmentOffset != 0
            ? string.Create(CultureInfo.InvariantCulture, $"Item {batch.First} begins with a fragment at byte {batch.FragmentOffset}.")
            : null;
    }

    private string? CheckBudget_NeedsLock(Batch batch)
    {
        var items = Items + (_incomplete is null ? batch.Count : 0);
        var bytes = Bytes + batch.Payload.Length;
        return bytes > maxBytes && items > 1
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes of inputs in {items} items are unanswered; at most {maxBytes} may be (`max_bytes_in_flight`), or one item.")
            : null;
    }

    private ulong AddBatch_NeedsLock(Batch batch)
    {
        _segments.Add(new InputSegment(batch));
        Bytes += batch.Payload.Length;
        Items += batch.Count;
        _next += batch.Count;
        return batch.Count;
    }

    private ulong AddFragment_NeedsLock(Batch batch)
    {
        var first = _incomplete is null;
        _incomplete ??= new LargeItem(batch.First, batch.FragmentTotal);
        _incomplete.Add(batch);
        Bytes += batch.Payload.Length;
        Items += first ? 1UL : 0;
        if (!_incomplete.IsComplete)
        {
            return 0;
        }

        _segments.Add(new InputSegment(_incomplete));
        _incomplete = null;
        _next++;
        return 1;
    }

    private int Find_NeedsLock(ulong index)
    {
        var low = _head;
        var high = _segments.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_segments[middle].Items.First <= index)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private void Trim_NeedsLock()
    {
        while (_head < _segments.Count && _segments[_head].IsReleased)
        {
            _head++;
        }

        // Halving keeps the cost of moving the rest constant per segment.
        if (_head > 32 && _head > _segments.Count / 2)
        {
            _segments.RemoveRange(0, _head);
            _head = 0;
        }
    }
}
