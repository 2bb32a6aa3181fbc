using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached;

/// <summary>Which items the entries of a job's file answer, one entry after another. A large result counts with its last fragment, and is where its first one is. Not thread-safe.</summary>
internal sealed class AnswerScan
{
    private readonly Dictionary<ulong, long> _begun = [];

    /// <summary>The answers in the next entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="offset">Where it is.</param>
    public IEnumerable<(ItemRange Items, long Offset, bool Failed)> Take(DetachedJobEntry entry, long offset)
    {
        foreach (var result in entry.Results?.Results ?? [])
        {
            yield return (new ItemRange(result.Index, 1), offset, result.Error is not null);
        }

        foreach (var batch in entry.Batches?.Batches ?? [])
        {
            if (batch.FragmentTotal == 0)
            {
                yield return (new ItemRange(batch.First, batch.Count), offset, false);
                continue;
            }

            // A result whose first sender was lost half-way begins at 0 again.
            var begun = batch.FragmentOffset == 0 ? _begun[batch.First] = offset : _begun[batch.First];
            if (batch.FragmentOffset + (ulong)batch.Payload.Length == batch.FragmentTotal)
            {
                _begun.Remove(batch.First);
                yield return (new ItemRange(batch.First, 1), begun, false);
            }
        }

        foreach (var failure in entry.Batches?.Failures ?? [])
        {
            yield return (new ItemRange(failure.Index, 1), offset, true);
        }
    }
}
