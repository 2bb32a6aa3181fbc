using System.Buffers;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Gives a marshaller the bytes of one message where they lie.</summary>
internal sealed class PayloadReader : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    /// <exception cref="RpcException">INTERNAL: the bytes are no such message.</exception>
    public T Read<T>(Marshaller<T> marshaller, ReadOnlySequence<byte> payload)
    {
        _payload = payload;
        try
        {
            return marshaller.ContextualDeserializer(this);
        }
#pragma warning disable CA1031 // Whatever a marshaller throws (Protobuf's exception is even an IOException) means one thing: not a message of this type.
        catch (Exception e) when (e is not RpcException)
#pragma warning restore CA1031
        {
            throw new RpcException(new Status(StatusCode.Internal, $"A message of {payload.Length} bytes is no {typeof(T).Name}: {e.Message}", e));
        }
        finally
        {
            _payload = default;
        }
    }
}
