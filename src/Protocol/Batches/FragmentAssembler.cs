using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>
/// Puts large items together from their fragments. The fragments of one item come in order; those of different items may alternate. A
/// fragment at offset 0 starts its item anew, since a lost worker's item is sent again. Memory follows the bytes that came, not the length
/// that was claimed. Not thread-safe.
/// </summary>
/// <param name="maxItemBytes">The largest item.</param>
public sealed class FragmentAssembler(long maxItemBytes = Limits.DefaultMaxItemBytes)
{
    private const int GrowthFactor = 16;

    private readonly Dictionary<ulong, Partial> _partials = [];
    private readonly long _maxItemBytes = Math.Min(maxItemBytes, Array.MaxLength);

    /// <summary>How many items have come in part.</summary>
    public int OpenItems => _partials.Count;

    /// <summary>How many bytes of them are held.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Takes the next fragment.</summary>
    /// <param name="header">The fragment's batch; its own payload field is not looked at.</param>
    /// <param name="payload">The fragment's bytes; copied.</param>
    /// <returns>The whole item when this was its last fragment, in an array that nobody else uses; otherwise null.</returns>
    /// <exception cref="MalformedBatchException">It is no fragment, or does not continue its item. What was held of the item is dropped.</exception>
    public byte[]? Add(Batch header, ReadOnlySpan<byte> payload)
    {
        if (BatchRules.Check(header, payload.Length, _maxItemBytes) is { } error)
        {
            Discard(header.First);
            throw new MalformedBatchException(error);
        }

        if (header.FragmentTotal == 0)
        {
            throw new MalformedBatchException($"Batch at item {header.First}: it holds whole items where a fragment was expected.");
        }

        var partial = Continue(header);
        var received = partial.Received + payload.Length;
        if (received > partial.Bytes.Length)
        {
            // Ahead of the bytes by a factor, so that copies are few; the length that was claimed is only ever a cap.
            var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min((long)header.FragmentTotal, (long)received * GrowthFactor));
            partial.Bytes.AsSpan(0, partial.Received).CopyTo(larger);
            partial.Bytes = larger;
        }

        payload.CopyTo(partial.Bytes.AsSpan(partial.Received));
        partial.Received = received;
        HeldBytes += payload.Length;
        if ((ulong)received < header.FragmentTotal)
        {
            return null;
        }

        Discard(header.First);
        return partial.Bytes;
    }

    /// <summary>Drops what is held of an item that will not be completed.</summary>
    /// <param name="index">The item's index in the job.</param>
    public void Discard(ulong index)
    {
        if (_partials.Remove(index, out var partial))
        {
            HeldBytes -= partial.Received;
        }
    }

    private Partial Continue(Batch header)
    {
        if (header.FragmentOffset == 0)
        {
            Discard(header.First);
            return _partials[header.First] = new Partial(header.FragmentTotal, header.Format);
        }

        if (_partials.TryGetValue(header.First, out var partial)
            && partial.Total == header.FragmentTotal && partial.Format == header.Format && (ulong)partial.Received == header.FragmentOffset)
        {
            return partial;
        }

        Discard(header.First);
        var expected = partial is null ? "no fragment before it" : $"{partial.Received} of {partial.Total} bytes in format {partial.Format}";
        throw new MalformedBatchException(
            $"Fragment of item {header.First}: it continues at byte {header.FragmentOffset} of {header.FragmentTotal} in format {header.Format}, "
            + $"after {expected}.");
    }

    private sealed class Partial(ulong total, Format format)
    {
        public ulong Total { get; } = total;

        public Format Format { get; } = format;

        public byte[] Bytes { get; set; } = [];

        public int Received { get; set; }
    }
}
