using Cluster.Node.Code;
using Cluster.Node.Hosting;
using Cluster.Node.Workers;
using Cluster.Protocol.Sessions;
using Cluster.Protocol.V1;

namespace Cluster.Node.Session;

/// <summary>
/// A session with the coordinator: its jobs and chunks, and what was said and heard. It outlives a connection that breaks, until its lease is over:
/// then the coordinator has given its work to others.
/// </summary>
internal sealed class NodeSession : IDisposable
{
    /// <summary>Payload bytes that wait for the coordinator before workers have to wait too.</summary>
    private const long OutboxBytes = 8 << 20;

    private readonly Lock _gate = new();
    private readonly Receipts _heard = new();
    private readonly Outbox _outbox;
    private readonly SessionWork _work;
    private readonly string _token;
    private readonly ITimer _expiry;
    private ConnectionWriter? _connection;
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOver;

    public NodeSession(Welcome welcome, string node, WorkerPool pool, CodeCache code, Leftovers leftovers, Departure departure, TimeProvider time)
    {
        Lease = new Lease(time, welcome.Lease?.ToTimeSpan() ?? TimeSpan.FromSeconds(5));
        HeartbeatPeriod = welcome.HeartbeatPeriod?.ToTimeSpan() ?? TimeSpan.FromSeconds(1);
        _token = welcome.Session;
        _outbox = new Outbox(OutboxBytes, isAcknowledged: _token.Length > 0);
        _work = new SessionWork(pool, code, _outbox, leftovers, node, departure.Drain);
        _expiry = time.CreateTimer(_ => Dispose(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Lease Lease { get; }

    public TimeSpan HeartbeatPeriod { get; }

    /// <summary>How to ask for the session on a new connection; null when it is over.</summary>
    public ResumeSession? Resumption
    {
        get
        {
            lock (_gate)
            {
                return _isOver || _token.Length == 0 ? null : new ResumeSession { Session = _token, Received = _heard.Received };
            }
        }
    }

    /// <summary>What would be left over if the session ended now.</summary>
    public IEnumerable<PoolChunk> FindLeftovers()
    {
        lock (_gate)
        {
            return _isOver ? [] : _work.FindLeftovers();
        }
    }

    /// <summary>Goes on with a connection.</summary>
    /// <param name="attachment">The connection.</param>
    /// <returns>False: the session is over.</returns>
    public bool TryConnect(Attachment attachment)
    {
        lock (_gate)
        {
            var connection = attachment.Connect(_outbox);
            if (_isOver || !_outbox.TryConnect(connection, attachment.Welcome.Received))
            {
                return false;
            }

            _connection = connection;
            _connected.TrySetResult();
            _expiry.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Lease.Renew();
        return true;
    }

    /// <summary>The connection is over, and nothing more comes of it. The session ends with its lease unless another connection comes.</summary>
    public void Disconnect()
    {
        lock (_gate)
        {
            _connection = null;
            _outbox.Disconnect();
            if (!_isOver)
            {
                _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var left = Lease.Duration - Lease.Silence;
                _expiry.Change(left > TimeSpan.Zero && _token.Length > 0 ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Tells the coordinator that the node is to leave.</summary>
    public void SayDraining() => _outbox.Send(new NodeMessage { Draining = new Draining() });

    /// <summary>Completes when there is a connection, or the session is over.</summary>
    public Task WhenConnectedAsync()
    {
        lock (_gate)
        {
            return _connected.Task;
        }
    }

    /// <summary>Acts on a command; never waits. Called by the reader of the connection.</summary>
    /// <exception cref="SessionLostException">The coordinator broke the protocol.</exception>
    public void Handle(NodeCommand command)
    {
        Lease.Renew();
        switch (command.CommandCase)
        {
            case NodeCommand.CommandOneofCase.HeartbeatAck:
                return;
            case NodeCommand.CommandOneofCase.Acknowledged when !_outbox.TryAcknowledge(command.Acknowledged.Received):
                Dispose();
                throw new SessionLostException($"The coordinator acknowledges message {command.Acknowledged.Received}, which was not sent.");
            case NodeCommand.CommandOneofCase.Acknowledged:
                return;
        }

        _work.Handle(command);
        var isDue = false;
        lock (_gate)
        {
            isDue = _heard.Add(command.RunChunk?.Batches.Sum(static batch => (long)batch.Payload.Length) ?? 0);
        }

        if (isDue)
        {
            Acknowledge();
        }
    }

    /// <summary>Tells the coordinator what it need not keep any more.</summary>
    public void Acknowledge()
    {
        ConnectionWriter? connection;
        ulong received;
        lock (_gate)
        {
            if (_token.Length == 0 || !_heard.TryAcknowledge(out received))
            {
                return;
            }

            connection = _connection;
        }

        connection?.Post(new NodeMessage { Acknowledged = new Acknowledged { Received = received } }, isNumbered: false);
        connection?.Flush();
    }

    /// <summary>Ends the session. What its chunks have begun is left over.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            _connected.TrySetResult();
        }

        _expiry.Dispose();
        _work.Dispose();
        _outbox.Close();
    }
}
