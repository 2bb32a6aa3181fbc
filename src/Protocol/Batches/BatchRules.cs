using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>What makes a batch well-formed. Pure: text for people, or null.</summary>
public static class BatchRules
{
    /// <summary>Checks a batch against the bytes that came with it.</summary>
    /// <param name="batch">The batch; its own payload field is not looked at.</param>
    /// <param name="payloadLength">How many bytes of payload came with it.</param>
    /// <param name="maxItemBytes">The largest item that may travel as fragments.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? Check(Batch batch, long payloadLength, long maxItemBytes = Limits.DefaultMaxItemBytes)
    {
        if (batch.Format is < Format.Raw or > Format.Json)
        {
            return $"Batch at item {batch.First}: there is no format {(int)batch.Format}.";
        }

        if (batch.Count == 0 || batch.Count > Limits.MaxBatchItems)
        {
            return $"Batch at item {batch.First}: it counts {batch.Count} items; a batch holds 1 to {Limits.MaxBatchItems}.";
        }

        if (batch.First > ulong.MaxValue - batch.Count)
        {
            return $"Batch at item {batch.First}: the indices of its {batch.Count} items exceed 64 bits.";
        }

        if (payloadLength > Limits.MaxPayloadBytes)
        {
            return $"Batch at item {batch.First}: its payload has {payloadLength} bytes, more than {Limits.MaxPayloadBytes}.";
        }

        if (batch.FragmentTotal != 0)
        {
            return CheckFragment(batch, (ulong)payloadLength, maxItemBytes);
        }

        if (batch.FragmentOffset != 0)
        {
            return $"Batch at item {batch.First}: it has a fragment offset ({batch.FragmentOffset}) but no fragment total.";
        }

        return batch.Format == Format.Raw ? CheckRaw(batch, payloadLength) : CheckLengths(batch, payloadLength);
    }

    /// <summary>Checks that a batch has the layout that its job promised.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="format">The job's format.</param>
    /// <param name="stride">The job's stride.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? CheckLayout(Batch batch, Format format, uint stride)
    {
        if (batch.Format != format)
        {
            return $"Batch at item {batch.First}: its format is {batch.Format}; the job's is {format}.";
        }

        return batch.Stride == stride || batch.FragmentTotal != 0
            ? null
            : $"Batch at item {batch.First}: its items take {batch.Stride} bytes each; the job's take {stride}. "
                + "Both ends must use the same definition of the type, on the same version of .NET.";
    }

    private static string? CheckFragment(Batch batch, ulong payloadLength, long maxItemBytes)
    {
        if (batch.Count != 1 || batch.Lengths.Length != 0 || batch.Stride != 0)
        {
            return $"Fragment of item {batch.First}: a fragment counts 1 item and has no lengths and no stride; "
                + $"this counts {batch.Count}, with {batch.Lengths.Length} bytes of lengths and stride {batch.Stride}.";
        }

        if (batch.Format == Format.Raw)
        {
            return $"Fragment of item {batch.First}: unmanaged values are never large enough for fragments.";
        }

        if (batch.FragmentTotal > (ulong)maxItemBytes)
        {
            return $"Fragment of item {batch.First}: the item has {batch.FragmentTotal} bytes, more than the {maxItemBytes} allowed.";
        }

        return payloadLength == 0 || batch.FragmentOffset > batch.FragmentTotal || payloadLength > batch.FragmentTotal - batch.FragmentOffset
            ? $"Fragment of item {batch.First}: {payloadLength} bytes at {batch.FragmentOffset} do not lie within the item's {batch.FragmentTotal}."
            : null;
    }

    private static string? CheckRaw(Batch batch, long payloadLength)
    {
        if (batch.Lengths.Length != 0)
        {
            return $"Batch at item {batch.First}: items of a fixed size have no lengths; here are {batch.Lengths.Length} bytes of them.";
        }

        var expected = (ulong)batch.Count * batch.Stride;
        return expected == (ulong)payloadLength
            ? null
            : $"Batch at item {batch.First}: {batch.Count} items of {batch.Stride} bytes are {expected} bytes; the payload has {payloadLength}.";
    }

    private static string? CheckLengths(Batch batch, long payloadLength)
    {
        if (batch.Stride != 0)
        {
            return $"Batch at item {batch.First}: items in format {batch.Format} have no stride; here it is {batch.Stride}.";
        }

        if (batch.Lengths.Length != (long)batch.Count * LengthTable.EntryBytes)
        {
            return $"Batch at item {batch.First}: {batch.Count} items need {(long)batch.Count * LengthTable.EntryBytes} bytes of lengths; "
                + $"here are {batch.Lengths.Length}.";
        }

        ulong sum = 0;
        var table = batch.Lengths.Span;
        for (var i = 0; i < (int)batch.Count; i++)
        {
            var length = LengthTable.Read(table, i);
            sum += length == LengthTable.Null ? 0 : length;
        }

        return sum == (ulong)payloadLength
            ? null
            : $"Batch at item {batch.First}: its lengths add up to {sum} bytes; the payload has {payloadLength}.";
    }
}
