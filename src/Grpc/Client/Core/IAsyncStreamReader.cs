namespace Grpc.Core;

/// <summary>A stream of messages that is read one by one.</summary>
/// <typeparam name="T">The messages.</typeparam>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that <see cref="MoveNext"/> read last.</summary>
    T Current { get; }

    /// <summary>Reads the next message. One read at a time.</summary>
    /// <param name="cancellationToken">Cancels the call that the stream belongs to.</param>
    /// <returns>False at the end of the stream.</returns>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}
