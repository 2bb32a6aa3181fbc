using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Locks;

/// <summary>A lock, reentrant or not. Every acquisition has a token that is larger than all before.</summary>
internal sealed class LockObject(ObjectContext context, ulong id, ObjectOpen created) : SharedObject(context, id, created)
{
    private readonly WaitLine _waiters = new();
    private readonly List<ConditionObject> _conditions = [];
    private ObjectSession? _holder;
    private ulong _owner;
    private uint _depth;
    private ulong _token;
    private bool _wasAbandoned;

    public override ulong Count => _holder is null ? 0UL : 1;

    public override IReadOnlyList<WaitLine> Lines => [_waiters];

    /// <summary>The token that it is held under; 0: it is free.</summary>
    public ulong HeldToken => _holder is null ? 0 : _token;

    /// <summary>For messages.</summary>
    public string State => _holder is null ? "free" : $"held under token {_token}";

    private bool IsReentrant => Kind == ObjectKind.Rlock;

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.LockAcquire => Acquire(call),
            Case.LockRelease => Release(call.Session, request.LockRelease),
            Case.LockStatus => new ObjectReply
            {
                LockState = new LockState { Held = _holder is not null, Token = _token, Depth = _depth, Waiting = (ulong)_waiters.Count },
            },
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => new() { LockAcquired = new LockAcquired() };

    public override void OnSessionEnded(ObjectSession session)
    {
        if (_holder == session)
        {
            _wasAbandoned = true;
            Free();
        }
    }

    public override void OnDeleted()
    {
        base.OnDeleted();
        _holder?.Ties.Remove(Id);
        foreach (var condition in _conditions)
        {
            condition.OnLockDeleted();
        }
    }

    /// <summary>A condition is built on this lock, or is not any more.</summary>
    public void Attach(ConditionObject condition) => _conditions.Add(condition);

    public void Detach(ConditionObject condition) => _conditions.Remove(condition);

    /// <summary>Whether this owner has it.</summary>
    public bool IsHeldBy(ObjectSession session, ulong owner) => _holder == session && _owner == owner;

    /// <summary>Releases it, however often its owner has it.</summary>
    /// <returns>How often that was.</returns>
    public uint ReleaseFully()
    {
        var depth = _depth;
        Context.NextRevision();
        Free();
        return depth;
    }

    /// <summary>Someone who has waited for a condition has it again before the reply, at the end of the line.</summary>
    public void Reacquire(Waiter waiter)
    {
        _waiters.Add(waiter);
        Serve();
    }

    public override void SaveState(ObjectRecord record) => record.Lock = new LockStateRecord
    {
        Session = _holder?.Id ?? 0,
        Owner = _owner,
        Depth = _depth,
        Token = _token,
        Abandoned = _wasAbandoned,
    };

    public override void RestoreState(ObjectRecord record)
    {
        _holder = Context.Sessions.Find(record.Lock.Session);
        _holder?.Ties.Add(Id);
        _owner = record.Lock.Owner;
        _depth = record.Lock.Depth;
        _token = record.Lock.Token;
        _wasAbandoned = record.Lock.Abandoned;
    }

    private ObjectReply? Acquire(in Call call)
    {
        var owner = call.Request.LockAcquire.Owner;
        if (_holder is null)
        {
            return new ObjectReply { LockAcquired = Take(call.Session, owner, 1) };
        }

        if (IsReentrant && IsHeldBy(call.Session, owner))
        {
            Context.NextRevision();
            _depth++;
            return new ObjectReply { LockAcquired = new LockAcquired { Token = _token, Depth = _depth } };
        }

        return Context.Park(call, this, _waiters);
    }

    private ObjectReply Release(ObjectSession session, LockRelease release)
    {
        if (_holder is null)
        {
            return Refuse.With(ObjectErrorCode.NotHeld, $"{Title} is free: there is nothing to release. If it was held, it was released already, or its session ended.");
        }

        if (IsReentrant && !IsHeldBy(session, release.Owner))
        {
            return Refuse.With(ObjectErrorCode.NotHeld, $"{Title} is held by another owner: only the one who acquired a reentrant lock may release it.");
        }

        if (release.Token != 0 && release.Token != _token)
        {
            return Refuse.With(ObjectErrorCode.NotHeld, $"{Title} is {State}, and was to be released under token {release.Token}: the caller has lost it.");
        }

        Context.NextRevision();
        if (--_depth == 0)
        {
            Free();
        }

        return Answer.Done();
    }

    private LockAcquired Take(ObjectSession session, ulong owner, uint depth)
    {
        Context.NextRevision();
        var acquired = new LockAcquired { Token = ++_token, Depth = depth, WasAbandoned = _wasAbandoned };
        (_holder, _owner, _depth, _wasAbandoned) = (session, owner, depth, false);
        session.Ties.Add(Id);
        return acquired;
    }

    private void Free()
    {
        _holder?.Ties.Remove(Id);
        (_holder, _owner, _depth) = (null, 0, 0);
        Serve();
    }

    private void Serve()
    {
        if (_holder is null && _waiters.First is { } next)
        {
            if (next.Target is ConditionObject)
            {
                Context.Answer(next, ConditionObject.Waited(next, Take(next.Session, next.Request.ConditionWait.Owner, next.Progress)));
            }
            else
            {
                Context.Answer(next, new ObjectReply { LockAcquired = Take(next.Session, next.Request.LockAcquire.Owner, 1) });
            }
        }
    }
}
