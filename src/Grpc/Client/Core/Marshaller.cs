namespace Grpc.Core;

/// <summary>Turns messages of one type into bytes and back.</summary>
/// <typeparam name="T">The messages.</typeparam>
public class Marshaller<T>
{
    private readonly Func<T, byte[]>? _serializer;
    private readonly Func<byte[], T>? _deserializer;

    /// <summary>Creates a marshaller from functions over arrays.</summary>
    /// <param name="serializer">Bytes of a message.</param>
    /// <param name="deserializer">The message of bytes.</param>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        _serializer = serializer;
        _deserializer = deserializer;
        ContextualSerializer = (message, context) => context.Complete(serializer(message));
        ContextualDeserializer = context => deserializer(context.PayloadAsNewBuffer());
    }

    /// <summary>Creates a marshaller from functions that write to and read from the buffers of the transport.</summary>
    /// <param name="serializer">Writes a message.</param>
    /// <param name="deserializer">Reads a message.</param>
    public Marshaller(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        ContextualSerializer = serializer;
        ContextualDeserializer = deserializer;
    }

    /// <summary>Bytes of a message.</summary>
    /// <exception cref="NotSupportedException">The marshaller was made from functions over buffers.</exception>
    public Func<T, byte[]> Serializer => _serializer ?? throw new NotSupportedException("This marshaller writes to buffers: use ContextualSerializer.");

    /// <summary>The message of bytes.</summary>
    /// <exception cref="NotSupportedException">The marshaller was made from functions over buffers.</exception>
    public Func<byte[], T> Deserializer => _deserializer ?? throw new NotSupportedException("This marshaller reads from buffers: use ContextualDeserializer.");

    /// <summary>Writes a message.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>Reads a message.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }
}
