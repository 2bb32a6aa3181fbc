using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Cluster.Protocol.Frames;

/// <summary>Reads frames one after another. One reader per link; not thread-safe.</summary>
/// <typeparam name="THeader">The header: ToWorker at the worker, FromWorker at the node.</typeparam>
/// <param name="input">Where the bytes come from. Stays the caller's to complete.</param>
/// <param name="parser">Parses the headers.</param>
/// <param name="maxFrameBytes">The largest frame; nothing is buffered for one that claims to be larger.</param>
public sealed class FrameReader<THeader>(PipeReader input, MessageParser<THeader> parser, int maxFrameBytes = Limits.MaxFrameBytes)
    where THeader : class, IMessage<THeader>
{
    private SequencePosition _end;
    private bool _holding;

    /// <summary>Waits for the next frame. The payload of the one before becomes invalid.</summary>
    /// <param name="cancellationToken">Ends the wait; no bytes are lost, and reading can go on.</param>
    /// <returns>The frame; null when the other end closed the link between two frames.</returns>
    /// <exception cref="MalformedFrameException">The bytes are no frame.</exception>
    /// <exception cref="EndOfStreamException">The link ended within a frame: the process at the other end is gone.</exception>
    /// <exception cref="IOException">The link broke.</exception>
    public async ValueTask<Frame<THeader>?> ReadAsync(CancellationToken cancellationToken = default)
    {
        Release();
        var needed = FrameLayout.PrefixBytes;
        while (true)
        {
            var result = await input.ReadAtLeastAsync(needed, cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (buffer.Length >= FrameLayout.PrefixBytes)
            {
                var (frameBytes, headerBytes) = ReadPrefix(buffer);
                needed = FrameLayout.LengthBytes + frameBytes;
                if (buffer.Length >= needed)
                {
                    return Take(buffer.Slice(FrameLayout.PrefixBytes, needed - FrameLayout.PrefixBytes), headerBytes);
                }
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            cancellationToken.ThrowIfCancellationRequested();
            if (result.IsCompleted)
            {
                return buffer.IsEmpty
                    ? null
                    : throw new EndOfStreamException($"The link ended within a frame, after {buffer.Length} of at least {needed} bytes.");
            }
        }
    }

    private (int FrameBytes, int HeaderBytes) ReadPrefix(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[FrameLayout.PrefixBytes];
        buffer.Slice(0, FrameLayout.PrefixBytes).CopyTo(prefix);
        var frameBytes = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        var headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(prefix[FrameLayout.LengthBytes..]);
        if (frameBytes < FrameLayout.LengthBytes || frameBytes > maxFrameBytes)
        {
            throw new MalformedFrameException($"A frame claims {frameBytes} bytes; it must have {FrameLayout.LengthBytes} to {maxFrameBytes}.");
        }

        return headerBytes <= frameBytes - FrameLayout.LengthBytes
            ? ((int)frameBytes, (int)headerBytes)
            : throw new MalformedFrameException($"A frame of {frameBytes} bytes claims a header of {headerBytes}.");
    }

    private Frame<THeader> Take(ReadOnlySequence<byte> frame, int headerBytes)
    {
        try
        {
            var header = parser.ParseFrom(frame.Slice(0, headerBytes));
            _end = frame.End;
            _holding = true;
            return new Frame<THeader>(header, frame.Slice(headerBytes));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new MalformedFrameException($"The header of a frame is no {typeof(THeader).Name}: {e.Message}", e);
        }
    }

    private void Release()
    {
        if (_holding)
        {
            _holding = false;
            input.AdvanceTo(_end);
        }
    }
}
