using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;

namespace Cluster.Protocol.Frames;

/// <summary>Messages over a pipe between two processes that take turns: each after its length in 4 bytes, little-endian.</summary>
public static class MessagePipe
{
    /// <summary>Sends a message.</summary>
    /// <param name="stream">The pipe.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up; the pipe is of no use then.</param>
    /// <exception cref="IOException">Nobody reads any more.</exception>
    public static async Task WriteAsync(Stream stream, IMessage message, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[sizeof(int) + message.CalculateSize()];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - sizeof(int));
        message.WriteTo(bytes.AsSpan(sizeof(int)));
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Receives a message.</summary>
    /// <param name="stream">The pipe.</param>
    /// <param name="parser">Its type.</param>
    /// <param name="maxBytes">The longest that is taken.</param>
    /// <param name="cancellationToken">Gives up; the pipe is of no use then.</param>
    /// <returns>Null at the end of the pipe.</returns>
    /// <exception cref="MalformedFrameException">It is longer, or no such message.</exception>
    /// <exception cref="EndOfStreamException">The pipe ends in the middle of it.</exception>
    public static async Task<T?> ReadAsync<T>(Stream stream, MessageParser<T> parser, int maxBytes, CancellationToken cancellationToken = default)
        where T : class, IMessage<T>
    {
        var prefix = new byte[sizeof(int)];
        var read = await stream.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            return null;
        }

        if (read < prefix.Length)
        {
            throw new EndOfStreamException("The pipe ends in the middle of a message's length.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length < 0 || length > maxBytes)
        {
            throw new MalformedFrameException(string.Create(CultureInfo.InvariantCulture, $"A message of {length} bytes; at most {maxBytes} are taken."));
        }

        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new MalformedFrameException($"No {typeof(T).Name}: {exception.Message}", exception);
        }
    }
}
