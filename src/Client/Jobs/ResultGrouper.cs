using System.Diagnostics.CodeAnalysis;
using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Holds back the fragments of a large result until the last has come, so that an entry is always complete. Pure.</summary>
internal sealed class ResultGrouper
{
    private readonly Dictionary<ulong, List<Batch>> _open = [];

    /// <summary>Takes a batch of results.</summary>
    /// <returns>Whether it completes an entry.</returns>
    public bool TryComplete(Batch batch, [NotNullWhen(true)] out ResultEntry? entry)
    {
        if (batch.FragmentTotal == 0)
        {
            entry = new ResultEntry((long)batch.First, (int)batch.Count, batch.Payload.Length, batch, Fragments: null);
            return true;
        }

        // A result that is sent again, since its first sender was lost half-way, begins at 0 again.
        if (batch.FragmentOffset == 0 || !_open.TryGetValue(batch.First, out var fragments))
        {
            fragments = _open[batch.First] = [];
        }

        fragments.Add(batch);
        if (batch.FragmentOffset + (ulong)batch.Payload.Length < batch.FragmentTotal)
        {
            entry = null;
            return false;
        }

        _open.Remove(batch.First);
        entry = new ResultEntry((long)batch.First, Count: 1, (long)batch.FragmentTotal, Whole: null, fragments);
        return true;
    }
}
