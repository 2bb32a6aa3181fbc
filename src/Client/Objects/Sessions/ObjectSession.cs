using System.Diagnostics.CodeAnalysis;
using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Client.Jobs;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Replicas;
using Cluster.Protocol;
using Cluster.Protocol.Sessions;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Client.Objects.Sessions;

/// <summary>
/// A client's session with the shared objects: one stream, on which requests are pipelined. It goes on over broken connections and restarts of the
/// coordinator; every request is executed once. Begins with the first request.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source owns no timer.")]
internal sealed class ObjectSession(ClusterConnection connection)
{
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly RequestLedger _ledger = new();
    private readonly CancellationTokenSource _over = new();
    private IClientStreamWriter<ObjectRequests>? _output;
    private Task _running = Task.CompletedTask;
    private string _token = "";
    private Exception? _loss;
    private long _answered;
    private Wakes _wakes;
    private bool _isRunning;
    private bool _isOver;
    private HandleTable? _handles;

    /// <summary>What tasks of this process were given.</summary>
    public HandleTable Handles => LazyInitializer.EnsureInitialized(ref _handles, () => new HandleTable(this));

    /// <summary>Counts the sessions: whoever holds something of an earlier one has lost it.</summary>
    public int Epoch { get; private set; }

    /// <summary>Names the history that revisions and ids belong to; empty: there has been no connection yet.</summary>
    public string Incarnation { get; private set; } = "";

    /// <summary>How many requests have no last reply yet.</summary>
    public int Unanswered => _ledger.Count;

    /// <summary>The replicas that are fed by this session.</summary>
    public ReplicaSet Replicas { get; } = new();

    /// <summary>Measures its patience.</summary>
    public TimeProvider TimeProvider => connection.TimeProvider;

    /// <summary>Sends a request, after those that were sent before. What comes of it, the request is told.</summary>
    /// <returns>The epoch in which it is sent.</returns>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public int Send(PendingRequest request)
    {
        int epoch;
        while (!TrySend(request, epoch = Epoch))
        {
        }

        return epoch;
    }

    /// <summary>Sends a request if the session is still the one of an epoch.</summary>
    /// <returns>Whether it is.</returns>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public bool TrySend(PendingRequest request, int epoch)
    {
        lock (_gate)
        {
            if (epoch != Epoch)
            {
                return false;
            }

            ObjectDisposedException.ThrowIf(_isOver, typeof(ClusterClient));
            _ledger.Add(request);
            request.MadeAt = ClientMetrics.Now(TimeProvider);
            if (!_isRunning)
            {
                _isRunning = true;
                _running = RunAsync();
            }
        }

        Wake();
        return true;
    }

    /// <summary>Gives a reference back that nobody has any more. For finalizers: does nothing where that is of no use.</summary>
    public void Release(ulong target, int epoch)
    {
        lock (_gate)
        {
            if (_isOver || !_isRunning || epoch != Epoch)
            {
                return;
            }

            _ledger.Add(new SingleRequest(new ObjectRequest { Object = target, Release = new ObjectRelease() }));
        }

        Wake();
    }

    /// <summary>What whoever relies on an earlier session is told.</summary>
    public ObjectSessionLostException Lost() => new(connection.Endpoint.Text, _loss);

    /// <summary>Requests that were not ready are.</summary>
    public void Release(IReadOnlyCollection<PendingRequest> requests)
    {
        lock (_gate)
        {
            foreach (var request in requests)
            {
                request.IsReady = true;
            }
        }

        Wake();
    }

    /// <summary>Requests that were not ready never will be.</summary>
    public void Drop(IReadOnlyCollection<PendingRequest> requests, Exception exception)
    {
        lock (_gate)
        {
            _ledger.Drop(requests);
        }

        foreach (var request in requests)
        {
            request.Fail(exception);
        }

        Wake();
    }

    /// <summary>Asks a request back. Does nothing if it was answered, or is of a session that is over.</summary>
    public void Cancel(PendingRequest request)
    {
        lock (_gate)
        {
            // Another session counts anew: the number would be somebody else's.
            if (_isOver || _ledger.Find(request.Request.Number) != request)
            {
                return;
            }

            _ledger.Add(new SingleRequest(new ObjectRequest { Cancel = new ObjectCancel { Request = request.Request.Number } }));
        }

        Wake();
    }

    /// <summary>Ends the session: what it holds is given back.</summary>
    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            _isOver = true;
            running = _running;
            if (_output is null)
            {
                _over.Cancel();
            }
        }

        Wake();
        await running.WaitAsync(GoodbyePatience, connection.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _over.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Lose(new ObjectDisposedException(typeof(ClusterClient).FullName), goesOn: false);
    }

    private async Task RunAsync()
    {
        // Not on the thread of whoever sent the first request.
        await Task.Yield();
        var outage = new JobOutage(connection.TimeProvider, connection.Options.ReconnectTimeout);
        try
        {
            while (!await connection.Redialling.ExecuteAsync(static (state, token) => state.Session.ServeAsync(state.Outage, token), (Session: this, Outage: outage), _over.Token).ConfigureAwait(false))
            {
                // The session was over, and another begins.
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The client is disposed.
        }
#pragma warning disable CA1031 // Whatever it is, the callers must hear of it, or would wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var cause = exception is ConnectionBrokenException ? exception.InnerException! : exception;
            var explained = outage.Attempts > 1 && ConnectionBreak.Is(cause)
                ? CallErrors.GaveUp(connection.Endpoint.Text, outage.Lasted, outage.Attempts, cause)
                : CallErrors.Explain(cause, connection.Endpoint.Text);
            Lose(explained, goesOn: false);
        }
    }

    // True: the client has said goodbye. False: the session was over, and another may begin at once.
    private async ValueTask<bool> ServeAsync(JobOutage outage, CancellationToken cancellationToken)
    {
        var isGreeted = false;
        try
        {
            outage.Try();
            if (outage.Attempts > 1)
            {
                await connection.KnockAsync(outage.Left, cancellationToken).ConfigureAwait(false);
            }

            using var call = connection.Objects.Session(connection.Headers, cancellationToken: cancellationToken);
            await GreetAsync(call, cancellationToken).ConfigureAwait(false);
            isGreeted = true;
            outage.BeginRun(_answered);
            Wake();
            while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                Receive(call.ResponseStream.Current);
            }

            return _isOver ? true : throw new RpcException(new Status(StatusCode.Unavailable, "The coordinator ended the session's stream."));
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound && _token.Length > 0)
        {
            Lose(new ObjectSessionLostException(connection.Endpoint.Text, exception), goesOn: true);
            return false;
        }
        catch (Exception exception) when (ConnectionBreak.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            if (isGreeted)
            {
                outage.EndRun(_answered);
            }

            throw outage.IsOver ? exception : new ConnectionBrokenException(exception);
        }
        finally
        {
            lock (_gate)
            {
                _output = null;
            }
        }
    }

    private async Task GreetAsync(AsyncDuplexStreamingCall<ObjectRequests, ObjectReplies> call, CancellationToken cancellationToken)
    {
        var hello = new ObjectsHello { ProtocolVersion = ProtocolVersion.Current, Token = _token, Lease = connection.SessionLease?.ToDuration() };
        hello.Name = $"{Environment.MachineName}/{Environment.ProcessId}";
        await call.RequestStream.WriteAsync(new ObjectRequests { Hello = hello }, cancellationToken).ConfigureAwait(false);
        if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false) || call.ResponseStream.Current.Welcome is not { } welcome)
        {
            throw new ClusterException($"The coordinator at {connection.Endpoint.Text} opened a session without a welcome. Is it of another version?", isTransient: false);
        }

        lock (_gate)
        {
            ClientMetrics.SessionsResumed.Add(_token.Length > 0 ? 1 : 0);
            _token = welcome.Token;
            Incarnation = welcome.Incarnation;
            _ledger.Rewind();
            _output = call.RequestStream;
        }
    }

    private void Receive(ObjectReplies replies)
    {
        foreach (var reply in replies.Replies)
        {
            PendingRequest? request;
            lock (_gate)
            {
                request = _ledger.Find(reply.Number);
            }

            if (request?.IsStanding == false)
            {
                // Before whoever waits for the reply goes on, and looks at a replica.
                Replicas.Told(reply.Revision);
            }

            // One that was answered already is answered again after a break.
            if (request is null)
            {
                continue;
            }

            _answered++;
            request.Incarnation = Incarnation;
            if (request.Answer(reply))
            {
                ClientMetrics.Answered(request.Request, request.MadeAt, TimeProvider);
                lock (_gate)
                {
                    _ledger.Settle(request);
                    _ledger.Weigh(reply);
                }
            }
        }

        if (_ledger.IsAcknowledgementDue)
        {
            Wake();
        }
    }

    private void Wake()
    {
        if (_wakes.Add())
        {
            _ = DrainAsync();
        }
    }

    private async Task DrainAsync()
    {
        int seen;
        do
        {
            seen = _wakes.Seen;
            IClientStreamWriter<ObjectRequests>? output = null;
            try
            {
                while (TakeNext(out output, out var requests))
                {
                    await output.WriteAsync(requests).ConfigureAwait(false);
                    if (requests.Bye)
                    {
                        await output.CompleteAsync().ConfigureAwait(false);
                    }
                }
            }
            catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
            {
                // The call has ended; the loop that receives learns why, and brings another, or has already.
                lock (_gate)
                {
                    _output = _output == output ? null : _output;
                }
            }
        }
        while (_wakes.HasMore(seen));
    }

    private bool TakeNext([NotNullWhen(true)] out IClientStreamWriter<ObjectRequests>? output, out ObjectRequests requests)
    {
        requests = new ObjectRequests();
        lock (_gate)
        {
            output = _output;
            var isAcknowledgementDue = _ledger.IsAcknowledgementDue;
            if (output is null || !(_ledger.HasToSend || isAcknowledgementDue || _isOver))
            {
                return false;
            }

            _ledger.Take(requests.Requests);
            _ledger.Acknowledge(requests, isAcknowledgementDue);
            if (_isOver && !_ledger.HasToSend)
            {
                // The last that is said.
                requests.Bye = true;
                _output = null;
            }

            return true;
        }
    }

    // Its numbers cannot be told from those of the next. In one step: a request that comes right after begins the next run, and waits for nobody.
    private void Lose(Exception exception, bool goesOn)
    {
        IReadOnlyList<PendingRequest> lost;
        lock (_gate)
        {
            _token = "";
            _loss = exception;
            Epoch++;
            _isRunning = goesOn;
            lost = _ledger.Clear();
        }

        foreach (var request in lost)
        {
            request.Fail(exception);
        }
    }
}
