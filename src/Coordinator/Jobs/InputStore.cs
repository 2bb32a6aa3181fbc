using System.Globalization;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// The inputs of a job that have no answer yet, as they were received. Chunks are cut from them without copying; answers release them. Thread-safe:
/// the client's stream appends while the scheduler's loop cuts and releases.
/// </summary>
/// <param name="format">The job's input format.</param>
/// <param name="stride">The job's bytes per item, for raw items.</param>
/// <param name="limits">How much of them is taken.</param>
internal sealed class InputStore(Format format, uint stride, InputLimits limits)
{
    // Fewer released segments are not worth moving the others.
    private const int WorthCompacting = 32;

    private readonly Lock _gate = new();

    // Ordered by index. Some are released and still here, until those are half of the list.
    private readonly List<InputSegment> _segments = [];
    private int _released;
    private LargeItem? _incomplete;
    private ulong _next;
    private TaskCompletionSource? _room;

    /// <summary>What the unanswered items count, see <see cref="InFlightCharge"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of unanswered items, an incomplete one included.</summary>
    public ulong Items { get; private set; }

    /// <summary>How many batches and large items are kept track of, released ones included.</summary>
    public int Segments => _segments.Count;

    /// <summary>Takes the next batch of the client.</summary>
    /// <param name="batch">As it was received; must not change afterwards.</param>
    /// <param name="complete">How many items can be handed out now because of it: none for a fragment before the last.</param>
    /// <param name="owed">Items that are answered here, but whose answers are not on their way to the client: for it, they are in flight.</param>
    /// <returns>Null, or in which way the client broke the protocol, with the numbers.</returns>
    public string? Append(Batch batch, out ulong complete, ulong owed = 0)
    {
        complete = 0;
        var wrong = BatchRules.Check(batch, batch.Payload.Length, limits.MaxItemBytes) ?? BatchRules.CheckLayout(batch, format, stride);
        if (wrong is not null)
        {
            return wrong;
        }

        lock (_gate)
        {
            wrong = CheckOrder_NeedsLock(batch) ?? CheckBudget_NeedsLock(batch, owed);
            if (wrong is null)
            {
                complete = batch.FragmentTotal == 0 ? AddBatch_NeedsLock(batch) : AddFragment_NeedsLock(batch);
                wrong = _incomplete?.CheckGrain(limits.MaxItemBytes);
            }

            return wrong;
        }
    }

    /// <summary>For who brings the inputs from a file: whether a batch may come now, within a window of their own.</summary>
    /// <param name="charge">What it counts, see <see cref="InFlightCharge"/>.</param>
    /// <param name="maxBytes">The most that unanswered items may count.</param>
    /// <param name="maxItems">The most items that may be unanswered.</param>
    /// <returns>Null: it may. Otherwise done when it is worth asking again.</returns>
    public Task? WaitForRoom(long charge, long maxBytes, ulong maxItems)
    {
        lock (_gate)
        {
            if (Items + (_incomplete is null ? 1UL : 0) <= 1 || (Bytes + charge <= maxBytes && Items < maxItems))
            {
                return null;
            }

            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Leaves out the next items: their answers came in an earlier run of the job.</summary>
    /// <returns>Null, or in which way the client broke the protocol, with the numbers.</returns>
    public string? Skip(ItemRange items)
    {
        lock (_gate)
        {
            var wrong = CheckSkip_NeedsLock(items);
            if (wrong is null)
            {
                _next += items.Count;
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
                ? string.Create(CultureInfo.InvariantCulture, $"`end_inputs` counts {said} items, but {_next} came or were skipped.")
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
                _released += _segments[i].IsReleased ? 1 : 0;
                items = ItemRange.Between(part.End, items.End);
            }

            Compact_NeedsLock();
            TellOfRoom_NeedsLock();
        }
    }

    /// <summary>Forgets everything; nothing may be cut or released afterwards.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _segments.Clear();
            _incomplete = null;
            _released = 0;
            Bytes = 0;
            Items = 0;
            TellOfRoom_NeedsLock();
        }
    }

    // Who waits goes on elsewhere, not under the lock.
    private void TellOfRoom_NeedsLock()
    {
        _room?.SetResult();
        _room = null;
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

        if (CheckTotal_NeedsLock(batch.Count) is { } tooMany)
        {
            return tooMany;
        }

        return batch.FragmentTotal != 0 && batch.FragmentOffset != 0
            ? string.Create(CultureInfo.InvariantCulture, $"Item {batch.First} begins with a fragment at byte {batch.FragmentOffset}.")
            : null;
    }

    private string? CheckSkip_NeedsLock(ItemRange items)
    {
        if (_incomplete is { } item)
        {
            return string.Create(CultureInfo.InvariantCulture, $"After {item.Received} of {item.Total} bytes of item {item.Index} came `skip_items`. The fragments of an item follow each other in order.");
        }

        if (items.First != _next)
        {
            return string.Create(CultureInfo.InvariantCulture, $"`skip_items` begins at item {items.First}, but the next item is {_next}. Indices are consecutive.");
        }

        return items.Count == 0 ? "`skip_items` counts no items." : CheckTotal_NeedsLock(items.Count);
    }

    private string? CheckTotal_NeedsLock(ulong count) => count <= limits.TotalItems - _next
        ? null
        : limits.TotalItems == ulong.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"The indices of {count} items after {_next} exceed 64 bits.")
            : string.Create(CultureInfo.InvariantCulture, $"{count} items came after {_next}, but `pin_nodes` names a node for {limits.TotalItems} items only.");

    private string? CheckBudget_NeedsLock(Batch batch, ulong owed)
    {
        var items = Items + owed + (_incomplete is null ? batch.Count : 0);
        var bytes = Bytes + InFlightCharge.Of(batch);
        if (items <= 1)
        {
            return null;
        }

        if (items > (ulong)limits.MaxItems)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{items} items are unanswered; at most {limits.MaxItems} may be (`max_items_in_flight`), or one.");
        }

        return bytes > limits.MaxBytes
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{bytes} bytes of inputs in {items} items are unanswered, with their lengths and {InFlightCharge.PerBatch} for each batch; at most {limits.MaxBytes} may be (`max_bytes_in_flight`), or one item.")
            : null;
    }

    private ulong AddBatch_NeedsLock(Batch batch)
    {
        _segments.Add(new InputSegment(batch));
        Bytes += InFlightCharge.Of(batch);
        Items += batch.Count;
        _next += batch.Count;
        return batch.Count;
    }

    private ulong AddFragment_NeedsLock(Batch batch)
    {
        var first = _incomplete is null;
        _incomplete ??= new LargeItem(batch.First, batch.FragmentTotal);
        _incomplete.Add(batch);
        Bytes += InFlightCharge.Of(batch);
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
        var low = 0;
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

    // Wherever they are: one slow item may be older than everything that was answered since. Halving keeps the cost of moving the rest constant per segment.
    private void Compact_NeedsLock()
    {
        if (_released > WorthCompacting && _released > _segments.Count / 2)
        {
            _segments.RemoveAll(static segment => segment.IsReleased);
            _released = 0;
        }
    }
}
