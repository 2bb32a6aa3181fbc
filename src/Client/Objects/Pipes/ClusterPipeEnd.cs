using System.Text.Json.Serialization;
using Cluster.Client.Objects.Exceptions;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Client.Objects.Values;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>One end of a pipe. It belongs to the session that used it last: with the end of that session it is closed.</summary>
/// <typeparam name="T">What is sent.</typeparam>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterPipeEnd<T> : IReferenced
{
    private readonly ObjectHandle _handle;
    private readonly PipeEnd _end;

    internal ClusterPipeEnd(ObjectHandle handle) => (_handle, _end) = (handle, handle.End);

    ObjectHandle IReferenced.Handle => _handle;

    /// <summary>Sends a value to the other end.</summary>
    /// <param name="value">The value. It is written now: what cannot travel fails here.</param>
    /// <param name="timeout">How long to wait for room, where the pipe has a capacity. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Completes when it is on its way.</returns>
    /// <exception cref="ClusterObjectException">An end is closed.</exception>
    /// <exception cref="QueueFullException">There was no room in time.</exception>
    public Task SendAsync(T value, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _handle.CallAsync(new ObjectRequest { PipeSend = new PipeSend { End = _end, Value = ValueCodec<T>.Encode(value) } }.Within(timeout), cancellationToken);

    /// <summary>Receives a value.</summary>
    /// <param name="timeout">How long to wait. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The value.</returns>
    /// <exception cref="EndOfStreamException">The other end is closed, and nothing is left.</exception>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public async Task<T> ReceiveAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var request = new ObjectRequest { PipeReceive = new PipeReceive { End = _end } }.Within(timeout);
        var reply = await _handle.TryCallAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Error?.Code == ObjectErrorCode.Empty ? throw new TimeoutException(reply.Error.Message) : ValueCodec<T>.Decode(reply.OrThrow().Value);
    }

    /// <summary>Waits until there is something to receive, the end of the stream included.</summary>
    /// <param name="timeout">How long. Default (null): not at all, as in Python.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether that was so in time.</returns>
    public async Task<bool> PollAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await _handle.CallAsync(new ObjectRequest { PipePoll = new PipePoll { End = _end } }.Within(timeout ?? TimeSpan.Zero), cancellationToken).ConfigureAwait(false)).Flag;

    /// <summary>Closes this end. What it has sent can still be received.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is closed.</returns>
    public Task CloseAsync(CancellationToken cancellationToken = default) => _handle.CallAsync(new ObjectRequest { PipeClose = new PipeClose { End = _end } }, cancellationToken);
}
