using System.Globalization;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Nodes;

/// <summary>A chunk in the hands of a node, and what its answers must look like. Answers come from one thread at a time.</summary>
internal sealed class HeldChunk(ChunkId id, JobSession job, ItemRange items, uint attempt)
{
    private LargeItem? _incomplete;

    /// <summary>Its number.</summary>
    public ChunkId Id { get; } = id;

    /// <summary>Its job.</summary>
    public JobSession Job { get; } = job;

    /// <summary>Which attempt this is.</summary>
    public uint Attempt { get; } = attempt;

    /// <summary>Whether a part of a large result has come. It counts as a reply that waits for the client.</summary>
    public bool IsPartial => _incomplete is not null;

    /// <summary>
    /// Checks what the node sent and separates the fragments of large results: those are answers only when the last has come, since a worker that dies
    /// in between leaves the item unanswered.
    /// </summary>
    /// <param name="results">As received. Its fragments are taken out.</param>
    /// <param name="maxItemBytes">The largest result.</param>
    /// <param name="answer">What counts of it.</param>
    /// <returns>Null, or in which way the node broke the protocol.</returns>
    public string? Receive(Results results, long maxItemBytes, out ChunkAnswer answer)
    {
        answer = default;
        if (!WireDuration.TryRead(results.Busy, out var busy))
        {
            return $"The time of its answer (`busy`) is {results.Busy}; a duration has {WireDuration.Rule}.";
        }

        var wrong = Check(results, maxItemBytes);
        if (wrong is not null)
        {
            return wrong;
        }

        List<LargeItem>? large = null;
        var fragments = false;
        foreach (var batch in results.Batches)
        {
            if (batch.FragmentTotal == 0)
            {
                continue;
            }

            fragments = true;
            wrong = Add(batch, maxItemBytes, ref large);
            if (wrong is not null)
            {
                large?.ForEach(Release);
                return wrong;
            }
        }

        if (fragments)
        {
            RemoveFragments(results);
        }

        answer = new ChunkAnswer(results, large, busy);
        return null;
    }

    /// <summary>Forgets the part of a large result: the rest of it will not come.</summary>
    public void ForgetPart()
    {
        if (_incomplete is { } item)
        {
            Release(item);
            _incomplete = null;
        }
    }

    private void Release(LargeItem item) => Job.Outbox.Release(item.Charge);

    private string? Check(Results results, long maxItemBytes)
    {
        foreach (var batch in results.Batches)
        {
            if ((BatchRules.Check(batch, batch.Payload.Length, maxItemBytes) ?? CheckOwned(batch.First, batch.Count)) is { } wrong)
            {
                return wrong;
            }
        }

        foreach (var failure in results.Failures)
        {
            var wrong = failure.Error is null
                ? string.Create(CultureInfo.InvariantCulture, $"The failure of item {failure.Index} does not say what failed.")
                : CheckOwned(failure.Index, 1);
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return null;
    }

    private string? Add(Batch fragment, long maxItemBytes, ref List<LargeItem>? large)
    {
        if (fragment.FragmentOffset == 0)
        {
            ForgetPart();
            _incomplete = new LargeItem(fragment.First, fragment.FragmentTotal);
        }

        if (_incomplete?.Continues(fragment) != true)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The result of item {fragment.First} goes on at byte {fragment.FragmentOffset} of {fragment.FragmentTotal} without what comes before.");
        }

        _incomplete.Add(fragment);
        Job.Outbox.Hold(InFlightCharge.Of(fragment));
        if (_incomplete.IsComplete)
        {
            (large ??= []).Add(_incomplete);
            _incomplete = null;
        }

        return _incomplete?.CheckGrain(maxItemBytes);
    }

    private string? CheckOwned(ulong first, uint count) =>
        first >= items.First && first < items.End && count <= items.End - first
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Id} holds {items}; the node answered {new ItemRange(first, count)}.");

    private static void RemoveFragments(Results results)
    {
        var whole = results.Batches.Where(batch => batch.FragmentTotal == 0).ToArray();
        results.Batches.Clear();
        results.Batches.Add(whole);
    }
}
