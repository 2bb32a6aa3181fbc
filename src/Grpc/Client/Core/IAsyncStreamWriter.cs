namespace Grpc.Core;

/// <summary>A stream of messages that is written one by one.</summary>
/// <typeparam name="T">The messages.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How messages are written from now on.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message. One write at a time.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Completes when the stream takes the next message: awaiting it slows a writer down to the speed of the reader.</returns>
    Task WriteAsync(T message);

    /// <summary>Writes a message. One write at a time.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels the call that the stream belongs to.</param>
    /// <returns>Completes when the stream takes the next message.</returns>
    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            throw new NotSupportedException("This stream writer cannot cancel single writes.");
        }

        return WriteAsync(message);
    }
}
