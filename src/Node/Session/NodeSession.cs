using Cluster.Node.Code;
using Cluster.Node.Hosting;
using Cluster.Node.Workers;
using Cluster.Node.Workers.Dedicated;
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
    private readonly Conversation _conversation;
    private readonly SessionWork _work;
    private readonly ITimer _expiry;
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOver;

    public NodeSession(Welcome welcome, string node, WorkerPool pool, ProcessPools processes, CodeCache code, Leftovers leftovers, Departure departure, TimeProvider time)
    {
        Lease = new Lease(time, welcome.Lease?.ToTimeSpan() ?? TimeSpan.FromSeconds(5));
        HeartbeatPeriod = welcome.HeartbeatPeriod?.ToTimeSpan() ?? TimeSpan.FromSeconds(1);
        _conversation = new Conversation(welcome.Session, OutboxBytes);
        _work = new SessionWork(pool, processes, code, _conversation.Outbox, leftovers, node, grace => departure.Drain(grace, Departure.Asked));
        _expiry = time.CreateTimer(_ => Dispose(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Lease Lease { get; }

    public TimeSpan HeartbeatPeriod { get; }

    /// <summary>Whether the coordinator can be told something now.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_gate)
            {
                return !_isOver && _connected.Task.IsCompleted;
            }
        }
    }

    /// <summary>Bytes of results that the coordinator has not acknowledged.</summary>
    public long KeptBytes => _conversation.Outbox.KeptBytes;

    /// <summary>How to ask for the session on a new connection; null when it is over.</summary>
    public ResumeSession? Resumption
    {
        get
        {
            lock (_gate)
            {
                return _isOver || !_conversation.IsResumable ? null : _conversation.Resumption;
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
            var connection = attachment.Connect(_conversation.Outbox);
            if (_isOver || !_conversation.TryConnect(connection, attachment.Welcome.Received))
            {
                return false;
            }

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
            _conversation.Disconnect();
            if (!_isOver)
            {
                _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var left = Lease.Duration - Lease.Silence;
                _expiry.Change(left > TimeSpan.Zero && _conversation.IsResumable ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Tells the coordinator that the node is to leave.</summary>
    public void SayDraining(Draining draining) => _conversation.Outbox.Send(new NodeMessage { Draining = draining });

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
        try
        {
            if (_conversation.TryHandle(command))
            {
                return;
            }
        }
        catch (SessionLostException)
        {
            Dispose();
            throw;
        }

        _work.Handle(command);
        _conversation.Heard(command);
    }

    /// <inheritdoc cref="Conversation.Acknowledge"/>
    public void Acknowledge() => _conversation.Acknowledge();

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
        _conversation.Outbox.Close();
    }
}
