using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Objects.Dictionaries;
using Cluster.Coordinator.Objects.Locks;
using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Objects.State;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects;

/// <summary>
/// All shared objects: a deterministic state machine. What happens comes in as entries, what is to be sent goes out; there is no other input, not even the time, so that
/// entries that were written down give the same state again. Entries that only read (<see cref="Operation"/>) may be left out: the state does not depend on them.
/// </summary>
internal sealed class ObjectMachine
{
    private readonly ObjectContext _context;
    private readonly ObjectDirectory _directory;
    private StateReader? _reader;

    public ObjectMachine(ObjectLimits? limits = null)
    {
        _context = new ObjectContext(limits ?? new ObjectLimits());
        _directory = new ObjectDirectory(_context);
    }

    /// <summary>The latest revision.</summary>
    public ulong Revision => _context.Revision;

    /// <summary>How much memory the objects take, and may take.</summary>
    public ObjectMemory Memory => _context.Memory;

    /// <summary>How much there is of what.</summary>
    public ObjectFigures Measure() => ObjectFigures.Of(_context);

    /// <summary>When the next entry is needed at the latest, in ticks of UTC; null: nothing waits for the time.</summary>
    public long? NextDue => _context.Dues.Next?.Time;

    /// <summary>The session with a token; null: there is none, or it has ended.</summary>
    public ulong? FindSession(string token) => _context.Sessions.Find(token)?.Id;

    /// <summary>How many replies to a session are kept until it acknowledges them.</summary>
    public int KeptReplies(ulong session) => _context.Sessions.Find(session)?.Replies.Count ?? 0;

    /// <summary>What these take in memory.</summary>
    public long KeptBytes(ulong session) => _context.Sessions.Find(session)?.Replies.Bytes ?? 0;

    /// <summary>How long a session outlives its connection; null: there is no such session.</summary>
    public TimeSpan? LeaseOf(ulong session) => _context.Sessions.Find(session)?.Lease;

    /// <summary>Takes in what happened. Entries of sessions that have ended do nothing.</summary>
    /// <param name="entry">What happened.</param>
    /// <param name="output">Gets what is to be sent.</param>
    public void Apply(in ObjectEntry entry, ObjectOutput output)
    {
        _context.Output = output;
        PassTime(entry.Time);
        switch (entry.Kind)
        {
            case ObjectEntryKind.SessionOpened:
                _context.Sessions.Add(new ObjectSession(++_context.Sessions.Last, entry.Token!, entry.Lease, _context.Memory));
                return;
            case ObjectEntryKind.ReaderOpened:
                _context.Sessions.AddReader(entry.Session);
                return;
            case ObjectEntryKind.MemoryLimited:
                _context.Memory.Limit = (long)entry.Number;
                return;
            case ObjectEntryKind.TimePassed:
                return;
            case ObjectEntryKind.Restarted:
                foreach (var each in _context.Sessions.InOrder)
                {
                    Disconnect(each);
                }

                return;
        }

        if (_context.Sessions.Find(entry.Session) is not { } session)
        {
            return;
        }

        switch (entry.Kind)
        {
            case ObjectEntryKind.SessionDisconnected or ObjectEntryKind.SessionClosed when session.IsReader:
                EndReader(session);
                break;
            case ObjectEntryKind.SessionDisconnected:
                Disconnect(session);
                break;
            case ObjectEntryKind.SessionResumed:
                session.IsConnected = true;
                _context.Dues.Remove(session);
                DropWatches(session);
                break;
            case ObjectEntryKind.SessionClosed:
                End(session);
                break;
            case ObjectEntryKind.Request:
                Handle(session, entry.Request!);
                break;
            case ObjectEntryKind.Acknowledged:
                session.Replies.Acknowledge(entry.Number, entry.Received, _context.Limits.KeptReplies);
                break;
            default:
                throw new ArgumentException($"Entries of the kind {entry.Kind} are unknown.", nameof(entry));
        }
    }

    /// <summary>Everything, as records that can be restored from. To be read before the next entry.</summary>
    public IEnumerable<ObjectsRecord> Save() => new StateWriter(_context).Write();

    /// <summary>A machine in the state that was saved.</summary>
    /// <exception cref="InvalidDataException">The records are not what <see cref="Save"/> writes.</exception>
    public static ObjectMachine Restore(IEnumerable<ObjectsRecord> records, ObjectLimits? limits = null)
    {
        var machine = new ObjectMachine(limits);
        foreach (var record in records)
        {
            machine.Restore(record);
        }

        return machine;
    }

    /// <summary>Takes in the next record of what was saved. Before any entry.</summary>
    /// <exception cref="InvalidDataException">It is not what <see cref="Save"/> writes.</exception>
    public void Restore(ObjectsRecord record) => (_reader ??= new StateReader(_context)).Read(record);

    private void PassTime(long time)
    {
        // What was due happens at its own time, however late the entry comes: otherwise the result would depend on entries that only read.
        var now = Math.Max(time, _context.Now);
        while (_context.Dues.Next is { } due && due.Time <= now)
        {
            _context.Now = Math.Max(due.Time, _context.Now);
            _context.Dues.Remove(due);
            switch (due)
            {
                case Waiter waiter:
                    waiter.Target.OnTimeout(waiter);
                    break;
                case DictNode entry:
                    entry.Owner.Expire(entry);
                    break;
                case ObjectSession session:
                    End(session);
                    break;
            }
        }

        _context.Now = now;
    }

    private void Handle(ObjectSession session, ObjectRequest request)
    {
        if (session.Waiting.ContainsKey(request.Number) || session.Watches.ContainsKey(request.Number))
        {
            return;
        }

        if (session.Replies.TryGet(request.Number, out var kept))
        {
            if (session.IsConnected)
            {
                _context.Output.Add(session.Id, kept!);
            }

            return;
        }

        var operation = Operation.Of(request.OperationCase);
        if (Refusal(session, request, operation) is { } refusal)
        {
            _context.Send(session, request.Number, refusal);
            return;
        }

        var effect = operation!.Value.Effect;
        if (Execute(session, request, operation.Value) is { } reply)
        {
            _context.Answer(session, request, effect, reply);
        }
    }

    /// <summary>What is wrong with a request whatever it asks for. These refusals are not kept: nothing that is there could have been changed.</summary>
    private ObjectReply? Refusal(ObjectSession session, ObjectRequest request, Operation? operation)
    {
        if (session.Replies.IsAcknowledged(request.Number))
        {
            return Refuse.Invalid(request.Number == 0
                ? "Requests are numbered from 1."
                : $"The reply to request {request.Number} was acknowledged, and is not known any more. Number requests upwards, each with a number of its own.");
        }

        if (operation is null)
        {
            return Refuse.Invalid("The request names no operation that this coordinator knows.");
        }

        if (session.IsReader && operation.Value.Effect == OperationEffect.Change)
        {
            return Refuse.Invalid($"The session only reads, and `{request.OperationName()}` changes something.");
        }

        return operation.Value.Effect == OperationEffect.Change && session.Replies.Count >= _context.Limits.KeptReplies
            ? Refuse.TooLarge("Replies that the session has not acknowledged", nameof(ObjectLimits.KeptReplies), _context.Limits.KeptReplies, session.Replies.Count + 1)
            : null;
    }

    private ObjectReply? Execute(ObjectSession session, ObjectRequest request, Operation operation)
    {
        if (!WireDuration.TryRead(request.Timeout, out var timeout))
        {
            return Refuse.Invalid($"The timeout has to be {WireDuration.Rule}; absent, it is for ever.");
        }

        if (request.Fence is { } fence && RefuseFence(fence) is { } stale)
        {
            return stale;
        }

        var call = new Call(session, request, operation.Effect, request.Timeout is null ? null : timeout);
        if (operation.Kinds == ObjectKinds.None)
        {
            return _directory.Handle(call);
        }

        var named = request.Object == 0 && request.Name.Length > 0;
        if ((named ? _context.Objects.Find(request.Name) : _context.Objects.Find(request.Object)) is not { } target)
        {
            return named && request.DictWatch is { } watch ? AbsentWatch.Begin(call, watch, _context)
                : named
                ? Refuse.With(ObjectErrorCode.NotFound, $"There is no object '{request.Name}'.")
                : Refuse.Unknown(request.Object, request.Object != 0 && request.Object <= _context.Objects.Last);
        }

        return !operation.Suits(target.Kind) ? Refuse.WrongKind(target, request.OperationName())
            : operation.Effect == OperationEffect.Change && _context.Memory.IsTight && _context.RefuseGrowth(target.Growth(request)) is { } refusal ? refusal
            : target.Handle(call);
    }

    private ObjectReply? RefuseFence(Fence fence) => _context.Objects.Find(fence.Lock) switch
    {
        null => Refuse.Unknown(fence.Lock, fence.Lock != 0 && fence.Lock <= _context.Objects.Last),
        LockObject held when held.HeldToken == fence.Token && fence.Token != 0 => null,
        LockObject held => Refuse.StaleFence(fence, held.HeldToken),
        var other => Refuse.With(ObjectErrorCode.WrongKind, $"A fence names a lock; {other.Title} is a {other.Kind.Word()}."),
    };

    private void Disconnect(ObjectSession session)
    {
        DropWatches(session);
        if (session.IsConnected)
        {
            session.IsConnected = false;
            _context.Dues.Set(session, _context.Now, session.Lease);
        }
    }

    /// <summary>Takes from a session what it has. Nobody is told: if it is not dead it said goodbye.</summary>
    private void End(ObjectSession session)
    {
        _context.NextRevision();
        session.IsConnected = false;
        _context.Sessions.Remove(session);
        _context.Dues.Remove(session);
        DropWatches(session);
        foreach (var waiter in session.Waiting.OrderBy(waiting => waiting.Key).Select(waiting => waiting.Value).ToList())
        {
            waiter.Target.OnLost(waiter);
        }

        foreach (var id in session.Ties.Order().ToList())
        {
            _context.Objects.Find(id)?.OnSessionEnded(session);
        }

        foreach (var (id, references) in session.References.OrderBy(reference => reference.Key))
        {
            if (_context.Objects.Find(id) is { } target)
            {
                _context.Unreference(target, references);
            }
        }

        // At last: what it waited for may have come to it meanwhile.
        session.Replies.Clear();
    }

    // It has nothing but requests that wait.
    private void EndReader(ObjectSession session)
    {
        _context.Sessions.Remove(session);
        DropWatches(session);
        foreach (var waiter in session.Waiting.Values.ToList())
        {
            waiter.Target.OnLost(waiter);
        }
    }

    private void DropWatches(ObjectSession session)
    {
        foreach (var watcher in session.Watches.Values)
        {
            _context.Objects.Unwatch(watcher);
        }

        session.Watches.Clear();
    }
}
