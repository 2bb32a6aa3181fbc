using System.Globalization;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>
/// The order of the items that a call brings for a job that is kept. What an earlier call has brought is left out, what follows is new. Pure; one caller at a time. What breaks the
/// protocol is said in words.
/// </summary>
/// <param name="spec">How items are laid out.</param>
/// <param name="maxItemBytes">The largest item.</param>
/// <param name="maxItems">How many there may be.</param>
/// <param name="stored">How many the earlier calls have brought.</param>
internal sealed class ItemSequence(JobSpec spec, long maxItemBytes, ulong maxItems, ulong stored)
{
    private ulong _next;
    private ulong _open;

    /// <summary>How many items are stored.</summary>
    public ulong Stored { get; private set; } = stored;

    /// <summary>The last batch was a part of an item that is not complete.</summary>
    public bool IsWithinItem => _open > 0;

    /// <summary>Takes the next batch.</summary>
    /// <param name="batch">As it was received.</param>
    /// <param name="store">What of it is to be stored; null: nothing.</param>
    /// <param name="complete">The items that are complete with it, stored before or not.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? Take(Batch batch, out Batch? store, out ItemRange complete)
    {
        (store, complete) = (null, default);
        var wrong = BatchRules.Check(batch, batch.Payload.Length, maxItemBytes) ?? BatchRules.CheckLayout(batch, spec.InputFormat, spec.InputStride) ?? CheckOrder(batch);
        if (wrong is not null)
        {
            return wrong;
        }

        var end = batch.First + batch.Count;
        if (end > Stored)
        {
            store = batch.First >= Stored ? batch : new BatchSlicer(batch).Slice(Stored, (int)(end - Stored));
        }

        _open = batch.FragmentTotal == 0 || batch.FragmentOffset + (ulong)batch.Payload.Length == batch.FragmentTotal ? 0 : batch.FragmentOffset + (ulong)batch.Payload.Length;
        if (_open == 0)
        {
            _next = end;
            Stored = Math.Max(Stored, end);
            complete = new ItemRange(batch.First, batch.Count);
        }

        return null;
    }

    /// <summary>Leaves items out that were answered in an earlier call.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public string? Skip(ItemRange items)
    {
        if (IsWithinItem || items.First != _next)
        {
            return string.Create(CultureInfo.InvariantCulture, $"`skip_items` begins at item {items.First}, but the next item is {_next}{(IsWithinItem ? ", of which a part came" : "")}.");
        }

        if (items.End > Stored)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{items.End} items were said to be stored, and only {Stored} are: the coordinator has lost some. Submit the job again.");
        }

        _next = items.End;
        return null;
    }

    /// <summary>Ends the items.</summary>
    /// <param name="count">How many there should be.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? End(ulong count) => IsWithinItem
        ? string.Create(CultureInfo.InvariantCulture, $"The items end within item {_next}.")
        : count != _next || count != Stored
            ? string.Create(CultureInfo.InvariantCulture, $"`end_inputs` counts {count} items, but {_next} came or were skipped, and {Stored} are stored.")
            : null;

    private string? CheckOrder(Batch batch)
    {
        if (batch.First != _next || batch.FragmentOffset != _open || (IsWithinItem && batch.FragmentTotal == 0))
        {
            return string.Create(CultureInfo.InvariantCulture, $"A batch at item {batch.First}, byte {batch.FragmentOffset}, came where item {_next}, byte {_open}, was next. Items and fragments follow each other in order.");
        }

        return batch.First + batch.Count > maxItems
            ? string.Create(CultureInfo.InvariantCulture, $"The job has more than {maxItems} items, the most that a job which is kept may have. Put several into one item, or submit several jobs.")
            : null;
    }
}
