using System.Globalization;
using Cluster.Protocol.Batches;
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

    /// <summary>What it counts: the bytes that came, and the fragments that they came in.</summary>
    public long Charge => (long)Received + ((long)Fragments.Count * InFlightCharge.PerBatch);

    /// <summary>Whether a well-formed batch is the item's next fragment.</summary>
    public bool Continues(Batch batch) => batch.First == Index && batch.FragmentTotal == Total && batch.FragmentOffset == Received;

    /// <summary>Adds the next fragment.</summary>
    public void Add(Batch fragment)
    {
        Fragments.Add(fragment);
        Received += (ulong)fragment.Payload.Length;
    }

    /// <summary>An item of any size may come, but not in crumbs, whose number would cost more than the largest item.</summary>
    /// <returns>Null, or what is wrong with its fragments.</returns>
    public string? CheckGrain(long maxItemBytes) => (long)Fragments.Count * InFlightCharge.PerBatch <= maxItemBytes
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{Received} of {Total} bytes of item {Index} came in {Fragments.Count} fragments. Make them larger.");
}
