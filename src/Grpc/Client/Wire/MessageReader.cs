using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>
/// Reads messages from a pipe. It hands the pipe its bytes back only when no whole message is left in them, so a batch of small
/// messages costs one read; flow control opens when they have been consumed.
/// </summary>
internal sealed class MessageReader<T>(PipeReader pipe, Marshaller<T> marshaller, int? maxMessageSize, string? encoding)
{
    private readonly PayloadReader _payloadReader = new();
    private ReadOnlySequence<byte> _buffer;
    private bool _holding;
    private bool _completed;

    /// <summary>The message that the last read found.</summary>
    public T? Current { get; private set; }

    /// <summary>Reads the next message into <see cref="Current"/>; false at the end of the stream.</summary>
    /// <exception cref="RpcException">The stream ends inside a message, a message is too large, or its bytes are damaged.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _holding && TryTake() ? new ValueTask<bool>(true) : ReadMoreAsync(cancellationToken);
        }
        catch (RpcException e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    /// <summary>Ends a read that waits for bytes, with an <see cref="OperationCanceledException"/>.</summary>
    public void CancelPendingRead()
    {
        try
        {
            pipe.CancelPendingRead();
        }
        catch (IOException)
        {
            // Kestrel throws it where the client has reset the stream; the read has ended with the same exception.
        }
    }

    private async ValueTask<bool> ReadMoreAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Release();
            if (!pipe.TryRead(out ReadResult result))
            {
                result = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            }

            _buffer = result.Buffer;
            _holding = true;
            _completed = result.IsCompleted;
            if (result.IsCanceled)
            {
                throw new OperationCanceledException("The read was cancelled.");
            }

            if (TryTake())
            {
                return true;
            }

            if (_completed)
            {
                Current = default;
                long left = _buffer.Length;
                Release();
                return left == 0
                    ? false
                    : throw new RpcException(new Status(StatusCode.Internal, $"The stream ended inside a message, {left} bytes after its beginning."));
            }
        }
    }

    // The pipe sees what was not consumed as examined: it waits for more bytes before the next read returns.
    private void Release()
    {
        if (_holding)
        {
            _holding = false;
            ReadOnlySequence<byte> buffer = _buffer;
            _buffer = default;
            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private bool TryTake()
    {
        if (!MessageHeader.TryRead(_buffer, out byte flag, out uint length))
        {
            return false;
        }

        if (flag > 1)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"A message begins with the flag byte {flag}; only 0 and 1 are defined. The peer does not speak gRPC here."));
        }

        // Refused before its bytes arrive, so that no limit's worth of memory is spent on it.
        if (length > (uint)(maxMessageSize ?? int.MaxValue))
        {
            throw TooLarge(length);
        }

        if (_buffer.Length - MessageHeader.Size < length)
        {
            return false;
        }

        ReadOnlySequence<byte> payload = _buffer.Slice(MessageHeader.Size, length);
        _buffer = _buffer.Slice(payload.End);
        Current = flag == 0 ? _payloadReader.Read(marshaller, payload) : ReadCompressed(payload);
        return true;
    }

    private T ReadCompressed(in ReadOnlySequence<byte> payload)
    {
        if (encoding is null or GzipCodec.IdentityName)
        {
            throw new RpcException(new Status(StatusCode.Internal, "A message is flagged as compressed, but the call has no grpc-encoding."));
        }

        if (encoding != GzipCodec.Name)
        {
            throw new RpcException(new Status(StatusCode.Unimplemented, $"A message is compressed with \"{encoding}\"; only gzip is supported."));
        }

        using var inflated = new PooledBuffer();
        GzipCodec.Decompress(payload, inflated, maxMessageSize);
        return _payloadReader.Read(marshaller, new ReadOnlySequence<byte>(inflated.WrittenMemory));
    }

    // The exception behind it tells it from a status that the peer has sent.
    private RpcException TooLarge(uint length)
    {
        string problem = $"Received message exceeds the maximum configured message size: {length} bytes, and the limit is {maxMessageSize}.";
        return new RpcException(new Status(StatusCode.ResourceExhausted, problem, new InvalidDataException(problem)));
    }
}
