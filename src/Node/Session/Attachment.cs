using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Cluster.Node.Session;

/// <summary>One connection of a session, from hello to the end of the stream.</summary>
internal sealed class Attachment : IAsyncDisposable
{
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    // Its own: another attachment must not end up on a connection that has fallen silent.
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<NodeMessage, NodeCommand> _call;
    private readonly TimeProvider _time;
    private readonly HeartbeatClock _heartbeats;
    private ConnectionWriter? _writer;
    private Task _reading = Task.CompletedTask;

    private Attachment(GrpcChannel channel, AsyncDuplexStreamingCall<NodeMessage, NodeCommand> call, Welcome welcome, TimeProvider time)
    {
        _channel = channel;
        _call = call;
        _time = time;
        _heartbeats = new HeartbeatClock(time);
        Welcome = welcome;
    }

    /// <summary>What the coordinator said.</summary>
    public Welcome Welcome { get; }

    /// <summary>Who the node talks to, for logs.</summary>
    public string Coordinator => $"coordinator {Welcome.Version}";

    /// <summary>Says hello and waits for the welcome.</summary>
    /// <param name="channel">The way to the coordinator; ends with the attachment.</param>
    /// <param name="hello">What the node says of itself.</param>
    /// <param name="headers">What the call carries.</param>
    /// <param name="time">For the time that this may take, and for heartbeats.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NodeRefusedException">The coordinator does not want this node.</exception>
    /// <exception cref="SessionLostException">The coordinator cannot be reached, or went away.</exception>
    public static async Task<Attachment> AttachAsync(
        GrpcChannel channel, Hello hello, Metadata headers, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(HandshakeTime, time);
        using var attaching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);

        // The call outlives this method, so it takes no token: it ends by Dispose.
        var call = new Nodes.NodesClient(channel).Attach(headers, cancellationToken: CancellationToken.None);
        try
        {
            await call.RequestStream.WriteAsync(new NodeMessage { Hello = hello }, attaching.Token).ConfigureAwait(false);
            if (!await call.ResponseStream.MoveNext(attaching.Token).ConfigureAwait(false)
                || call.ResponseStream.Current.CommandCase != NodeCommand.CommandOneofCase.Welcome)
            {
                throw new SessionLostException("The coordinator ended the session instead of welcoming the node.");
            }

            var welcome = call.ResponseStream.Current.Welcome;
            return ProtocolVersion.CheckPeer($"node {hello.Version}", $"coordinator {welcome.Version}", welcome.ProtocolVersion) is { } refusal
                ? throw new NodeRefusedException(refusal)
                : new Attachment(channel, call, welcome, time);
        }
        catch (RpcException exception)
        {
            Dispose(call, channel);
            cancellationToken.ThrowIfCancellationRequested();
            throw SessionFailure.From(exception);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Dispose(call, channel);
            throw new SessionLostException($"No welcome came within {HandshakeTime.TotalSeconds:0} s; what listens there may not be a coordinator.", exception);
        }
        catch
        {
            Dispose(call, channel);
            throw;
        }
    }

    /// <summary>Makes the writer of this connection.</summary>
    public ConnectionWriter Connect(Outbox outbox) => _writer = outbox.CreateWriter(_call.RequestStream);

    /// <summary>Serves the session until the connection breaks, or until <paramref name="cancellationToken"/> asks to leave.</summary>
    /// <exception cref="SessionLostException">The connection broke.</exception>
    /// <exception cref="NodeRefusedException">The coordinator does not want this node any more.</exception>
    public async Task RunAsync(NodeSession session, Func<Heartbeat> status, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _reading = ReadAsync(session);
        var beating = BeatAsync(session, status, ending.Token);
        try
        {
            await (await Task.WhenAny(_reading, beating, _writer!.Completion).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw SessionFailure.From(exception);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Says goodbye, and waits until the coordinator has heard it and ended the session.</summary>
    /// <param name="reason">Why the node leaves, for people.</param>
    /// <param name="timeout">How long to wait once <paramref name="hurry"/> is there.</param>
    /// <param name="hurry">Before it, what was said gets the time that it takes.</param>
    public async Task LeaveAsync(string reason, TimeSpan timeout, CancellationToken hurry)
    {
        _writer!.Post(new NodeMessage { Goodbye = new Goodbye { Reason = reason } }, isNumbered: false);
        _writer.Complete();
        await _reading.WaitAsync(hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _reading.WaitAsync(timeout, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        _writer?.Close();
        Dispose(_call, _channel);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void Dispose(AsyncDuplexStreamingCall<NodeMessage, NodeCommand> call, GrpcChannel channel)
    {
        call.Dispose();
        channel.Dispose();
    }

    private async Task ReadAsync(NodeSession session)
    {
        // It takes no token: cancelling a read would end the whole call. It ends with the call.
        while (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            var command = _call.ResponseStream.Current;
            if (command.HeartbeatAck is { } answer)
            {
                _heartbeats.Answered(answer);
            }

            session.Handle(command);
        }

        throw new SessionLostException("The coordinator ended the session.");
    }

    private async Task BeatAsync(NodeSession session, Func<Heartbeat> status, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(session.HeartbeatPeriod, _time);
        for (ulong sequence = 1; await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false); sequence++)
        {
            if (session.Lease.Silence >= Patience(session))
            {
                throw new SessionLostException(
                    $"The coordinator was silent for {session.Lease.Silence.TotalSeconds:0.0} s; the lease is {session.Lease.Duration.TotalSeconds:0.0} s.");
            }

            var heartbeat = status();
            heartbeat.Sequence = sequence;
            _heartbeats.Sent(sequence);
            _writer!.SendHeartbeat(new NodeMessage { Heartbeat = heartbeat });
            session.Acknowledge();
        }
    }

    // A connection can be dead without a sign of it. Half of the lease is left to try another, where the session can go on with it.
    private static TimeSpan Patience(NodeSession session) => session.Resumption is null ? session.Lease.Duration : session.Lease.Duration / 2;
}
