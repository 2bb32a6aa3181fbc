using System.Buffers.Binary;
using System.IO.Pipelines;
using Cluster.Protocol.Batches;
using Google.Protobuf;

namespace Cluster.Protocol.Frames;

/// <summary>
/// Writes frames. Not thread-safe, on purpose: a link has one writer, which drains a bounded channel. Write what there is, then flush once.
/// </summary>
/// <param name="output">Where the bytes go. Stays the caller's to complete.</param>
/// <param name="maxFrameBytes">The largest frame that the other end takes.</param>
public sealed class FrameWriter(PipeWriter output, int maxFrameBytes = Limits.MaxFrameBytes)
{
    /// <summary>Appends a frame without payload.</summary>
    /// <inheritdoc cref="Write(IMessage, ReadOnlySpan{EncodedBatch})"/>
    public void Write(IMessage header) => Write(header, []);

    /// <summary>Appends a frame; it is sent with the next flush. Header and payloads are copied.</summary>
    /// <param name="header">ToWorker or FromWorker, which says the lengths of the payloads.</param>
    /// <param name="batches">The batches of the header, in its order.</param>
    /// <exception cref="ArgumentException">The frame is larger than a frame may be; nothing has been written.</exception>
    public void Write(IMessage header, ReadOnlySpan<EncodedBatch> batches)
    {
        var headerBytes = header.CalculateSize();
        long frameBytes = FrameLayout.LengthBytes + (long)headerBytes;
        foreach (var batch in batches)
        {
            frameBytes += batch.Payload.Length;
        }

        if (frameBytes > maxFrameBytes)
        {
            throw new ArgumentException($"A frame of {frameBytes} bytes exceeds the {maxFrameBytes} that a frame may have. Send the batches in several.");
        }

        var start = output.GetSpan(FrameLayout.PrefixBytes + headerBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(start, (uint)frameBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(start[FrameLayout.LengthBytes..], (uint)headerBytes);
        header.WriteTo(start.Slice(FrameLayout.PrefixBytes, headerBytes));
        output.Advance(FrameLayout.PrefixBytes + headerBytes);
        foreach (var batch in batches)
        {
            // In one block, and so with one system call.
            batch.Payload.Span.CopyTo(output.GetSpan(batch.Payload.Length));
            output.Advance(batch.Payload.Length);
        }
    }

    /// <summary>Sends what has been written.</summary>
    /// <param name="cancellationToken">Ends the wait; what has been written is not lost.</param>
    /// <returns>False when the other end will not read any more.</returns>
    /// <exception cref="IOException">The link broke.</exception>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken = default)
    {
        var result = await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return !result.IsCompleted;
    }
}
