using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Consecutive items that are ready to be sent: one message, or the fragments of one large item.</summary>
internal readonly record struct InputBatch
{
    public InputBatch(Batch whole)
    {
        Messages = [whole];
        First = (long)whole.First;
        Count = whole.Count;
        Bytes = whole.Payload.Length;
        Charge = InFlightCharge.Of(whole);
        Stride = (int)whole.Stride;
        Lengths = whole.Lengths.Memory;
    }

    private InputBatch(IReadOnlyList<Batch> fragments)
    {
        Messages = fragments;
        First = (long)fragments[0].First;
        Count = 1;
        Bytes = (long)fragments[0].FragmentTotal;
        Charge = Bytes + ((long)fragments.Count * InFlightCharge.PerBatch);
    }

    public IReadOnlyList<Batch> Messages { get; }

    public long First { get; }

    public long Count { get; }

    /// <summary>Bytes of the items.</summary>
    public long Bytes { get; }

    /// <summary>What the coordinator counts.</summary>
    public long Charge { get; }

    public int Stride { get; }

    public ReadOnlyMemory<byte> Lengths { get; }

    /// <summary>Whether it may be sent as it is, and needs not be cut.</summary>
    public bool Fits(long maxBytes, long maxItems) => Count == 1 || (Charge <= maxBytes && Count <= maxItems);

    /// <summary>Puts fragments together and cuts batches of several items that are larger than the coordinator lets fly at once.</summary>
    public static IEnumerable<InputBatch> Gather(IEnumerable<Batch> messages, long maxBytes, long maxItems)
    {
        List<Batch>? fragments = null;
        foreach (var message in messages)
        {
            if (message.FragmentTotal != 0)
            {
                fragments ??= [];
                fragments.Add(message);
                if (message.FragmentOffset + (ulong)message.Payload.Length == message.FragmentTotal)
                {
                    yield return new InputBatch(fragments);
                    fragments = null;
                }
            }
            else if (message.Count > 1 && (InFlightCharge.Of(message) > maxBytes || message.Count > maxItems))
            {
                foreach (var part in Cut(message, maxBytes, maxItems))
                {
                    yield return new InputBatch(part);
                }
            }
            else
            {
                yield return new InputBatch(message);
            }
        }
    }

    private static IEnumerable<Batch> Cut(Batch message, long maxBytes, long maxItems)
    {
        var slicer = new BatchSlicer(message);
        for (var first = slicer.First; first < slicer.End;)
        {
            var count = 1;
            while (count < maxItems && first + (uint)count < slicer.End && ChargeOf(slicer, first, count + 1) <= maxBytes)
            {
                count++;
            }

            yield return slicer.Slice(first, count);
            first += (uint)count;
        }
    }

    private static long ChargeOf(BatchSlicer slicer, ulong first, int count) =>
        InFlightCharge.PerBatch + InFlightCharge.Of(count, slicer.SizeOf(first, count), !slicer.Batch.Lengths.IsEmpty);
}
