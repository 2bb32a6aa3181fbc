using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller writes a message.</summary>
public abstract class SerializationContext
{
    /// <summary>Sets the payload and ends the serialization. The array must not change afterwards.</summary>
    /// <param name="payload">The message.</param>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException();

    /// <summary>A writer into the buffers of the transport. End with <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    /// <summary>Says how many bytes follow, so that they can be written in place. Comes before <see cref="GetBufferWriter"/>.</summary>
    /// <param name="payloadLength">Bytes.</param>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>Ends the serialization of what was written to <see cref="GetBufferWriter"/>.</summary>
    public virtual void Complete() => throw new NotSupportedException();
}
