using System.Security.Cryptography;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Journal;
using Cluster.Coordinator.Objects;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Sharing.Storage;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.Sharing;

/// <summary>
/// The one writer of the shared objects: brings the machine what all streams and the clock have, one after another, and hands on its replies. What came together is
/// written to the journal together, before any of it happens.
/// </summary>
internal sealed class ObjectLoop : IAsyncDisposable
{
    private const string TokenAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int TokenLength = 32;

    // Kept for a session: an acknowledgement is worth an entry of its own then.
    private const int ManyReplies = 512;
    private const long ManyBytes = 1 << 20;

    // The same for what has to be remembered until it is written down.
    private const int ManyRanges = 4096;

    // After a disk has refused what cannot be left out, such as the end of a session.
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private readonly ObjectJournal? _journal;
    private readonly ObjectMachine _machine;
    private readonly ObjectOutput _output = new();
    private readonly List<Step> _steps = [];
    private readonly List<Step> _owed = [];
    private readonly List<ReadOnlyMemory<byte>> _records = [];
    private readonly Dictionary<ulong, ObjectConnection> _connections = [];
    private readonly List<ObjectConnection> _dirty = [];
    private readonly SerialExecutor _executor;
    private readonly TimeProvider _time;
    private readonly ILogger<ObjectLoop> _logger;
    private readonly ITimer _timer;
    private readonly ObjectMetrics? _metrics;

    private ulong _readers;
    private long? _armed;
    private bool _isOver;

    /// <param name="journal">Where everything is written down, and what was; null: nowhere.</param>
    /// <param name="memoryLimit">How many bytes all objects may take together.</param>
    /// <param name="time">Now.</param>
    /// <param name="lifetime">Ended when the loop fails.</param>
    /// <param name="logger">Told about sessions.</param>
    /// <param name="metrics">Told what happens; null: nobody is.</param>
    public ObjectLoop(ObjectJournal? journal, long memoryLimit, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ObjectLoop> logger, ObjectMetrics? metrics = null)
    {
        (_journal, _metrics) = (journal, metrics);
        _machine = journal?.Machine ?? new ObjectMachine();
        Incarnation = journal?.Incarnation ?? NewIncarnation();
        _time = time;
        _logger = logger;
        _executor = new SerialExecutor(exception =>
        {
            // Objects whose state may be half changed could hand a lock to two owners.
            SharingLog.LoopFailed(logger, exception);
            _isOver = true;
            lifetime.StopApplication();
        }, CarryOut);
        _timer = time.CreateTimer(_ => _executor.Post(Tick), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _metrics?.Observe(look => _executor.Post(() => look(_machine.Measure())));
        _executor.Post(() =>
        {
            Tick();
            if (_machine.Memory.Limit != memoryLimit)
            {
                Stage(ObjectEntry.MemoryLimited(Now, memoryLimit));
            }
        });
    }

    /// <summary>Names the history that revisions belong to. Another coordinator, or this one after it has lost its objects, has another.</summary>
    public string Incarnation { get; }

    private long Now => _time.GetUtcNow().UtcTicks;

    /// <summary>A name for another history.</summary>
    public static string NewIncarnation() => RandomNumberGenerator.GetString(TokenAlphabet, TokenLength / 2);

    /// <summary>Begins a session, or goes on with one.</summary>
    /// <param name="connection">Its stream.</param>
    /// <param name="hello">What the client says, checked.</param>
    /// <param name="lease">How long a new session outlives its connection.</param>
    /// <returns>False: the session that it wants to go on with is over.</returns>
    /// <exception cref="RpcException">The session cannot be written down, or the coordinator stops.</exception>
    public Task<bool> ConnectAsync(ObjectConnection connection, ObjectsHello hello, TimeSpan lease)
    {
        var connected = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _executor.Post(() => Connect(connection, hello, lease, connected));
        return connected.Task;
    }

    /// <summary>
    /// Begins a session that only reads, and ends with its connection: nothing of it is written down, so that it works with a disk that is full. What is received from the
    /// connection afterwards happens in it.
    /// </summary>
    public void ConnectReader(ObjectConnection connection) => _executor.Post(() =>
    {
        connection.Session = SessionTable.Reader(++_readers);
        _connections[connection.Session] = connection;
        Stage(ObjectEntry.ReaderOpened(Now, connection.Session));
    });

    /// <summary>Requests have come, or acknowledgements.</summary>
    public void Receive(ObjectConnection connection, ObjectRequests message) => Receive(connection, message, _metrics?.Now ?? 0);

    private void Receive(ObjectConnection connection, ObjectRequests message, long arrivedAt) => _executor.Post(() =>
    {
        if (!IsCurrent(connection) || !connection.TryNote(message))
        {
            return;
        }

        foreach (var request in message.Requests)
        {
            var step = new Step(ObjectEntry.Requested(Now, connection.Session, request)) { ArrivedAt = arrivedAt };
            if (step.IsRecorded)
            {
                Acknowledge(connection, atLeast: 1);
            }

            _steps.Add(step);
        }

        Acknowledge(connection, ManyReplies);
    });

    /// <summary>The client said goodbye.</summary>
    public void Close(ObjectConnection connection) => _executor.Post(() =>
    {
        if (IsCurrent(connection))
        {
            _connections.Remove(connection.Session);
            Stage(ObjectEntry.SessionClosed(Now, connection.Session));
        }
    });

    /// <summary>The stream has ended, however it did.</summary>
    public void Disconnect(ObjectConnection connection) => _executor.Post(() =>
    {
        if (IsCurrent(connection))
        {
            _connections.Remove(connection.Session);
            SharingLog.SessionDisconnected(_logger, connection.Session, _machine.LeaseOf(connection.Session) ?? TimeSpan.Zero);
            Stage(ObjectEntry.SessionDisconnected(Now, connection.Session));
        }
    });

    /// <summary>Stops. What comes afterwards does not happen.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _executor.Post(() =>
        {
            // What was staged before still happens.
            CarryOut();
            _isOver = true;
            over.SetResult();
        });
        await over.Task;
    }

    private bool IsCurrent(ObjectConnection connection) => _connections.GetValueOrDefault(connection.Session) == connection;

    private void Connect(ObjectConnection connection, ObjectsHello hello, TimeSpan lease, TaskCompletionSource<bool> connected)
    {
        if (hello.Token.Length == 0)
        {
            var token = RandomNumberGenerator.GetString(TokenAlphabet, TokenLength);
            Stage(ObjectEntry.SessionOpened(Now, token, lease), failure => Welcome(connection, token, hello.Name, connected, failure));
            return;
        }

        if (_machine.FindSession(hello.Token) is not { } session)
        {
            connected.SetResult(false);
            return;
        }

        if (_connections.TryGetValue(session, out var before))
        {
            before.End(StatusCode.Aborted, "The session goes on with another connection.");
        }

        // From now on, so that what its predecessor still says is not taken for its own.
        connection.Session = session;
        _connections[session] = connection;
        Stage(ObjectEntry.SessionResumed(Now, session), failure => Welcome(connection, hello.Token, null, connected, failure));
    }

    // Afterwards: its lease may have ended meanwhile.
    private void Welcome(ObjectConnection connection, string token, string? opener, TaskCompletionSource<bool> connected, JournalWriteException? failure)
    {
        if (failure is not null || _machine.FindSession(token) is not { } session)
        {
            if (opener is null && IsCurrent(connection))
            {
                _connections.Remove(connection.Session);
            }

            _ = failure is null ? connected.TrySetResult(false) : connected.TrySetException(RichStatus.NotNow(failure.Message));
            return;
        }

        connection.Session = session;
        _connections[session] = connection;
        if (opener is null)
        {
            SharingLog.SessionResumed(_logger, session);
        }
        else
        {
            SharingLog.SessionOpened(_logger, session, opener);
        }

        var welcome = new ObjectsWelcome
        {
            Token = token,
            Lease = _machine.LeaseOf(session)!.Value.ToDuration(),
            Incarnation = Incarnation,
            Revision = _machine.Revision,
            Resumed = opener is null,
        };
        Write(connection, connection.Welcome(welcome));
        connected.SetResult(true);
    }

    private void Tick()
    {
        _armed = null;
        Stage(ObjectEntry.TimePassed(Now));
    }

    private void Acknowledge(ObjectConnection connection, int atLeast)
    {
        var ranges = connection.Received.RangeCount;
        if ((connection.Acknowledged > 0 || ranges > 0) && (_machine.KeptReplies(connection.Session) >= atLeast || ranges >= ManyRanges || _machine.KeptBytes(connection.Session) >= ManyBytes))
        {
            var (below, received) = connection.TakeNoted();
            Stage(ObjectEntry.Acknowledged(Now, connection.Session, below, received));
        }
    }

    private void Stage(in ObjectEntry entry, Action<JournalWriteException?>? then = null) => _steps.Add(new Step(entry, then));

    // At the end of a batch: all that came together happens together.
    private void CarryOut()
    {
        if (_steps.Count == 0)
        {
            return;
        }

        if (_isOver)
        {
            var stopped = new JournalWriteException("The coordinator is stopping. Try again when it is back.");
            _steps.ForEach(step => step.Then?.Invoke(stopped));
            _steps.Clear();
            return;
        }

        var failure = WriteDown();
        foreach (var step in _steps)
        {
            if (step.IsRecorded && failure is not null)
            {
                Refuse(step, failure);
            }
            else
            {
                Apply(step.Entry);
                step.Then?.Invoke(null);
            }
        }

        _metrics?.CarriedOut(_steps);
        _steps.Clear();
        foreach (var connection in _dirty)
        {
            Write(connection, connection.Flush());
        }

        _dirty.Clear();
        Arm();
    }

    private JournalWriteException? WriteDown()
    {
        if (_journal is null)
        {
            return null;
        }

        _steps.InsertRange(0, _owed);
        _owed.Clear();
        _records.Clear();
        _records.AddRange(_steps.Where(static step => step.IsRecorded).Select(static step => (ReadOnlyMemory<byte>)EntryRecord.Of(step.Entry).ToByteArray()));
        if (_records.Count == 0)
        {
            return null;
        }

        try
        {
            _journal.Append(_records);
            return null;
        }
        catch (JournalWriteException failure)
        {
            return failure;
        }
    }

    private void Refuse(in Step step, JournalWriteException failure)
    {
        if (step.Then is { } then)
        {
            then(failure);
        }
        else if (step.Entry.Request is { } request)
        {
            var error = new ObjectError { Code = ObjectErrorCode.NotStored, Message = failure.Message };
            Deliver(step.Entry.Session, new ObjectReply { Number = request.Number, Revision = _machine.Revision, Error = error });
        }
        else if (step.Entry.Kind != ObjectEntryKind.Acknowledged)
        {
            // It is so, whether or not it can be written down now.
            _owed.Add(step);
        }
        else if (_connections.TryGetValue(step.Entry.Session, out var connection))
        {
            // How far all has been received comes again with the next acknowledgement, what is beyond does not.
            connection.Note(step.Entry.Received);
        }
    }

    private void Apply(in ObjectEntry entry)
    {
        _machine.Apply(entry, _output);
        foreach (var (session, reply) in _output.Deliveries)
        {
            Deliver(session, reply);
        }

        _output.Clear();
    }

    private void Deliver(ulong session, ObjectReply reply)
    {
        _metrics?.Replied(reply);
        if (_connections.TryGetValue(session, out var connection))
        {
            if (!connection.IsDirty)
            {
                _dirty.Add(connection);
            }

            Write(connection, connection.Add(reply));
        }
    }

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
        var retry = _owed.Count > 0 ? Now + RetryPeriod.Ticks : (long?)null;
        var due = _machine.NextDue is { } next && !(next > retry) ? next : retry;
        if (due != _armed)
        {
            _armed = due;
            // One more tick of the timer than it takes: it counts in milliseconds and must not be early.
            var wait = due is { } at ? TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(TimeSpan.FromTicks(at - Now).TotalMilliseconds), 0, int.MaxValue)) : Timeout.InfiniteTimeSpan;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }
}
