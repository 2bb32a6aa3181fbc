using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Node.Session;

/// <summary>One attachment to the coordinator, from hello to the end of the stream.</summary>
internal sealed class NodeSession : IAsyncDisposable
{
    /// <summary>Payload bytes that wait for the network before workers have to wait too.</summary>
    private const long OutboxBytes = 8 << 20;

    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    private readonly AsyncDuplexStreamingCall<NodeMessage, NodeCommand> _call;
    private readonly TimeProvider _time;
    private readonly Lease _lease;
    private readonly TimeSpan _heartbeatPeriod;
    private Task _reading = Task.CompletedTask;

    private NodeSession(AsyncDuplexStreamingCall<NodeMessage, NodeCommand> call, Welcome welcome, TimeProvider time)
    {
        _call = call;
        _time = time;
        _lease = new Lease(time, welcome.Lease?.ToTimeSpan() ?? TimeSpan.FromSeconds(5));
        _heartbeatPeriod = welcome.HeartbeatPeriod?.ToTimeSpan() ?? TimeSpan.FromSeconds(1);
        Coordinator = $"coordinator {welcome.Version}";
        Outbox = new Outbox(call.RequestStream, OutboxBytes);
    }

    /// <summary>Who the node talks to, for logs.</summary>
    public string Coordinator { get; }

    public Outbox Outbox { get; }

    /// <summary>Says hello and waits for the welcome.</summary>
    /// <exception cref="NodeRefusedException">The coordinator does not want this node.</exception>
    /// <exception cref="SessionLostException">The coordinator cannot be reached, or went away.</exception>
    public static async Task<NodeSession> AttachAsync(
        Nodes.NodesClient client, Hello hello, Metadata headers, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(HandshakeTime, time);
        using var attaching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);

        // The call outlives this method, so it takes no token: it ends by Dispose.
        var call = client.Attach(headers, cancellationToken: CancellationToken.None);
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
                : new NodeSession(call, welcome, time);
        }
        catch (RpcException exception)
        {
            call.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw SessionFailure.From(exception);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            call.Dispose();
            throw new SessionLostException($"No welcome came within {HandshakeTime.TotalSeconds:0} s; what listens there may not be a coordinator.", exception);
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>Serves the session until it breaks, or until <paramref name="cancellationToken"/> asks to leave.</summary>
    /// <exception cref="SessionLostException">The session broke.</exception>
    /// <exception cref="NodeRefusedException">The coordinator does not want this node any more.</exception>
    public async Task RunAsync(SessionWork work, Func<Heartbeat> status, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _reading = ReadAsync(work);
        var beating = BeatAsync(status, ending.Token);
        try
        {
            await (await Task.WhenAny(_reading, beating, Outbox.Completion).ConfigureAwait(false)).ConfigureAwait(false);
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
    public async Task LeaveAsync(string reason, TimeSpan timeout)
    {
        Outbox.Send(new NodeMessage { Goodbye = new Goodbye { Reason = reason } });
        Outbox.Complete();
        await _reading.WaitAsync(timeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        Outbox.Close();
        _call.Dispose();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync(SessionWork work)
    {
        // It takes no token: cancelling a read would end the whole call. It ends with the call.
        while (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            _lease.Renew();
            work.Handle(_call.ResponseStream.Current);
        }

        throw new SessionLostException("The coordinator ended the session.");
    }

    private async Task BeatAsync(Func<Heartbeat> status, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_heartbeatPeriod, _time);
        for (ulong sequence = 1; await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false); sequence++)
        {
            if (_lease.IsOver)
            {
                throw new SessionLostException($"The coordinator was silent for {_lease.Silence.TotalSeconds:0.0} s, longer than the lease of {_lease.Duration.TotalSeconds:0.0} s.");
            }

            var heartbeat = status();
            heartbeat.Sequence = sequence;
            Outbox.SendHeartbeat(new NodeMessage { Heartbeat = heartbeat });
        }
    }
}
