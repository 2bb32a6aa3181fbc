using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>An input or a result that travels as fragments, kept in these: whoever gets it next wants them the same way.</summary>
internal sealed class LargeItem(ulong index, ulong total)
{
    /// <summary>The item's index in the job.</summary>
    public ulong Index { get; } = index;

    /// <summary>The item's length in bytes.</summary>
    public ulong Total { get; } = total;

    /// <summary>How many bytes came.</summary>
    public ulong Received { get; private set; }

    /// <summary>Whether all bytes came.</summary>
    public bool IsComplete => Received == Total;

    /// <summary>The fragments, in order.</summary>
    public List<Batch> Fragments { get; } = [];

    /// <summary>Whether a well-formed batch is the item's next fragment.</summary>
    public bool Continues(Batch batch) => batch.First == Index && batch.FragmentTotal == Total && batch.FragmentOffset == Received;

    /// <summary>Adds the next fragment.</summary>
    public void Add(Batch fragment)
    {
        Fragments.Add(fragment);
        Received += (ulong)fragment.Payload.Length;
    }
}
