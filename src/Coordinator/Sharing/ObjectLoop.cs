using System.Security.Cryptography;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.Sharing;

/// <summary>The one writer of the shared objects: brings the machine what all streams and the clock have, one after another, and hands on its replies.</summary>
internal sealed class ObjectLoop : IAsyncDisposable
{
    private const string TokenAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int TokenLength = 32;

    private readonly ObjectMachine _machine = new();
    private readonly ObjectOutput _output = new();
    private readonly Dictionary<ulong, ObjectConnection> _connections = [];
    private readonly List<ObjectConnection> _dirty = [];
    private readonly SerialExecutor _executor;
    private readonly TimeProvider _time;
    private readonly ILogger<ObjectLoop> _logger;
    private readonly ITimer _timer;

    // Another coordinator, or this one after it has lost its objects, has another.
    private readonly string _incarnation = RandomNumberGenerator.GetString(TokenAlphabet, TokenLength / 2);
    private long? _armed;

    public ObjectLoop(TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ObjectLoop> logger)
    {
        _time = time;
        _logger = logger;
        _executor = new SerialExecutor(exception =>
        {
            // Objects whose state may be half changed could hand a lock to two owners.
            SharingLog.LoopFailed(logger, exception);
            lifetime.StopApplication();
        });
        _timer = time.CreateTimer(_ => Post(Tick), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private long Now => _time.GetUtcNow().UtcTicks;

    /// <summary>Begins a session, or goes on with one.</summary>
    /// <param name="connection">Its stream.</param>
    /// <param name="hello">What the client says, checked.</param>
    /// <param name="lease">How long a new session outlives its connection.</param>
    /// <returns>False: the session that it wants to go on with is over.</returns>
    public Task<bool> ConnectAsync(ObjectConnection connection, ObjectsHello hello, TimeSpan lease)
    {
        var connected = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => connected.SetResult(Connect(connection, hello, lease)));
        return connected.Task;
    }

    /// <summary>Requests have come, or acknowledgements.</summary>
    public void Receive(ObjectConnection connection, ObjectRequests message) => Post(() =>
    {
        if (!IsCurrent(connection))
        {
            return;
        }

        if (message.Acknowledged > 0)
        {
            Apply(ObjectEntry.Acknowledged(Now, connection.Session, message.Acknowledged));
        }

        foreach (var request in message.Requests)
        {
            Apply(ObjectEntry.Requested(Now, connection.Session, request));
        }
    });

    /// <summary>The client said goodbye.</summary>
    public void Close(ObjectConnection connection) => Post(() =>
    {
        if (IsCurrent(connection))
        {
            _connections.Remove(connection.Session);
            Apply(ObjectEntry.SessionClosed(Now, connection.Session));
        }
    });

    /// <summary>The stream has ended, however it did.</summary>
    public void Disconnect(ObjectConnection connection) => Post(() =>
    {
        if (IsCurrent(connection))
        {
            _connections.Remove(connection.Session);
            SharingLog.SessionDisconnected(_logger, connection.Session, _machine.LeaseOf(connection.Session) ?? TimeSpan.Zero);
            Apply(ObjectEntry.SessionDisconnected(Now, connection.Session));
        }
    });

    /// <summary>Stops the timer.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private bool IsCurrent(ObjectConnection connection) => _connections.GetValueOrDefault(connection.Session) == connection;

    private bool Connect(ObjectConnection connection, ObjectsHello hello, TimeSpan lease)
    {
        var token = hello.Token;
        var resumes = token.Length > 0;
        if (resumes)
        {
            Apply(ObjectEntry.TimePassed(Now));
        }
        else
        {
            token = RandomNumberGenerator.GetString(TokenAlphabet, TokenLength);
            Apply(ObjectEntry.SessionOpened(Now, token, lease));
        }

        if (_machine.FindSession(token) is not { } session)
        {
            return false;
        }

        if (_connections.TryGetValue(session, out var before))
        {
            before.End(StatusCode.Aborted, "The session goes on with another connection.");
        }

        connection.Session = session;
        _connections[session] = connection;
        if (resumes)
        {
            SharingLog.SessionResumed(_logger, session);
            Apply(ObjectEntry.SessionResumed(Now, session));
        }
        else
        {
            SharingLog.SessionOpened(_logger, session, hello.Name);
        }

        var welcome = new ObjectsWelcome
        {
            Token = token,
            Lease = _machine.LeaseOf(session)!.Value.ToDuration(),
            Incarnation = _incarnation,
            Revision = _machine.Revision,
            Resumed = resumes,
        };
        Write(connection, connection.Welcome(welcome));
        return true;
    }

    private void Tick()
    {
        _armed = null;
        Apply(ObjectEntry.TimePassed(Now));
    }

    private void Apply(in ObjectEntry entry)
    {
        _machine.Apply(entry, _output);
        foreach (var (session, reply) in _output.Deliveries)
        {
            if (_connections.TryGetValue(session, out var connection))
            {
                if (!connection.IsDirty)
                {
                    _dirty.Add(connection);
                }

                Write(connection, connection.Add(reply));
            }
        }

        _output.Clear();
    }

    private void Post(Action act) => _executor.Post(() =>
    {
        try
        {
            act();
        }
        finally
        {
            foreach (var connection in _dirty)
            {
                Write(connection, connection.Flush());
            }

            _dirty.Clear();
            Arm();
        }
    });

    // After the batch: what the other actions in it have to say may go out with this.
    private void Write(ObjectConnection connection, bool writes)
    {
        if (writes)
        {
            _executor.Defer(connection.Outbox);
        }
    }

    private void Arm()
    {
        if (_machine.NextDue != _armed)
        {
            _armed = _machine.NextDue;
            // One more tick of the timer than it takes: it counts in milliseconds and must not be early.
            var wait = _armed is { } due ? TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(TimeSpan.FromTicks(due - Now).TotalMilliseconds), 0, int.MaxValue)) : Timeout.InfiniteTimeSpan;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }
}
