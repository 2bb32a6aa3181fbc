using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>
/// What inputs count against <see cref="Accepted.MaxBytesInFlight"/> until they are answered. Client and coordinator must agree to the byte: the one
/// fills the window, the other ends the job that exceeds it. Empty and null items are not free: they have lengths, and somebody keeps track of them.
/// </summary>
public static class InFlightCharge
{
    /// <summary>What each batch, or fragment, counts beside its content, until the last of its items is answered.</summary>
    public const int PerBatch = 256;

    /// <summary>A batch, or fragment, none of whose items is answered.</summary>
    public static long Of(Batch batch) => (long)PerBatch + batch.Lengths.Length + batch.Payload.Length;

    /// <summary>Some items of a batch that are answered, while others are not: their bytes and their lengths.</summary>
    /// <param name="items">How many.</param>
    /// <param name="payloadBytes">Their bytes in the payload.</param>
    /// <param name="haveLengths">Whether the batch has a table of lengths.</param>
    public static long Of(long items, long payloadBytes, bool haveLengths) => payloadBytes + (haveLengths ? items * LengthTable.EntryBytes : 0);
}
