using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>
/// Writes messages with their headers. A message whose length the marshaller announces goes into the target in place; one that is compressed,
/// or of unknown length, passes through a rented buffer. Not thread-safe: one writer per stream.
/// </summary>
internal sealed class MessageWriter<T>(Marshaller<T> marshaller, int? maxMessageSize) : SerializationContext
{
    private IBufferWriter<byte> _target = null!;
    private PooledBuffer? _scratch;
    private CompressionLevel? _compression;
    private int? _announced;
    private long _bodyStart;
    private Phase _phase;

    private enum Phase
    {
        Begun,
        InPlace,
        Scratch,
        Done,
    }

    /// <summary>
    /// Whether a header went into the target without its whole message. What follows cannot be understood any more: the stream has to be reset,
    /// or the target truncated.
    /// </summary>
    public bool IsTorn { get; private set; }

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the message is too large. INTERNAL: the marshaller failed.</exception>
    public void Write(T message, IBufferWriter<byte> target, CompressionLevel? compression)
    {
        _target = target;
        _compression = compression;
        _announced = null;
        _phase = Phase.Begun;
        try
        {
            marshaller.ContextualSerializer(message, this);
            if (_phase != Phase.Done)
            {
                throw new InvalidOperationException("The marshaller returned without completing the message.");
            }
        }
#pragma warning disable CA1031 // Whatever a marshaller throws means one thing: this message cannot be sent.
        catch (Exception e) when (e is not RpcException)
#pragma warning restore CA1031
        {
            IsTorn |= _phase == Phase.InPlace;
            throw new RpcException(new Status(StatusCode.Internal, $"A {typeof(T).Name} could not be serialized: {e.Message}", e));
        }
        finally
        {
            _target = null!;
            _scratch?.Dispose();
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        ThrowUnlessBegun();
        _announced = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        switch (_phase)
        {
            case Phase.InPlace:
                return _target;
            case Phase.Scratch:
                return _scratch!;
            case Phase.Done:
                throw new InvalidOperationException("The message is complete.");
        }

        if (_announced is int length && (_compression is null || length == 0))
        {
            WriteHeader(compressed: false, length);
            _phase = Phase.InPlace;
            _bodyStart = Position;
            return _target;
        }

        _phase = Phase.Scratch;
        return _scratch ??= new PooledBuffer();
    }

    public override void Complete()
    {
        switch (_phase)
        {
            case Phase.Begun when _announced is null or 0:
                Send([]);
                break;
            case Phase.InPlace when Position - _bodyStart != _announced:
                throw new InvalidOperationException($"The marshaller announced {_announced} bytes and wrote {Position - _bodyStart}.");
            case Phase.InPlace:
                _phase = Phase.Done;
                break;
            case Phase.Scratch:
                Send(_scratch!.WrittenMemory.Span);
                break;
            default:
                throw new InvalidOperationException("The message is complete already, or announced bytes were not written.");
        }
    }

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ThrowUnlessBegun();
        Send(payload);
    }

    private long Position => _target switch
    {
        PooledBuffer buffer => buffer.Length,
        PipeWriter { CanGetUnflushedBytes: true } pipe => pipe.UnflushedBytes,
        _ => throw new InvalidOperationException($"{_target.GetType().Name} does not say how much was written to it."),
    };

    private void Send(ReadOnlySpan<byte> payload)
    {
        // An empty message is never flagged as compressed: some peers refuse what inflates from nothing.
        if (_compression is CompressionLevel level && payload.Length > 0)
        {
            ThrowIfTooLarge(payload.Length);
            using var compressed = new PooledBuffer();
            GzipCodec.Compress(payload, compressed, level);
            WriteHeader(compressed: true, compressed.Length);
            _target.Write(compressed.WrittenMemory.Span);
        }
        else
        {
            WriteHeader(compressed: false, payload.Length);
            _target.Write(payload);
        }

        _phase = Phase.Done;
    }

    private void WriteHeader(bool compressed, int length)
    {
        ThrowIfTooLarge(length);
        if (_target is PooledBuffer buffer)
        {
            buffer.EnsureFree(MessageHeader.Size + length);
        }

        MessageHeader.Write(_target.GetSpan(MessageHeader.Size), compressed, length);
        _target.Advance(MessageHeader.Size);
    }

    private void ThrowIfTooLarge(int length)
    {
        if (length > maxMessageSize)
        {
            string problem = $"Sending message exceeds the maximum configured message size: {length} bytes, and the limit is {maxMessageSize}.";
            throw new RpcException(new Status(StatusCode.ResourceExhausted, problem, new InvalidDataException(problem)));
        }
    }

    private void ThrowUnlessBegun()
    {
        if (_phase != Phase.Begun)
        {
            throw new InvalidOperationException("The message has been begun or completed.");
        }
    }
}
