using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Locks;

/// <summary>A condition. Who waits here stands first in its own line, and then, notified or not, in that of its lock.</summary>
internal sealed class ConditionObject : SharedObject
{
    private readonly WaitLine _waiters = new();
    private LockObject? _lock;

    public ConditionObject(ObjectContext context, ulong id, ObjectOpen created)
        : base(context, id, created)
    {
        _lock = context.Objects.Find(created.Condition.Lock) as LockObject;
        if (_lock is not null)
        {
            _lock.References++;
            _lock.Attach(this);
        }
    }

    public override ulong Count => (ulong)_waiters.Count;

    public override IReadOnlyList<WaitLine> Lines => [_waiters];

    public static ObjectReply Waited(Waiter waiter, LockAcquired acquired) => waiter.Outcome switch
    {
        WaitOutcome.Cancelled => Refuse.Cancelled(),
        WaitOutcome.Deleted => Refuse.Deleted(waiter.Target),
        var outcome => new ObjectReply { ConditionWaited = new ConditionWaited { Notified = outcome == WaitOutcome.Notified, Lock = acquired } },
    };

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        if (_lock is null)
        {
            return Refuse.With(ObjectErrorCode.Deleted, $"The lock of {Title} was deleted: make a new condition.");
        }

        var owner = request.OperationCase == Case.ConditionWait ? request.ConditionWait.Owner : request.ConditionNotify.Owner;
        if (!_lock.IsHeldBy(call.Session, owner))
        {
            return Refuse.With(
                ObjectErrorCode.NotHeld, $"{Title} may be waited for and notified only by the owner of its lock, which is {_lock.State}: acquire it first.");
        }

        return request.OperationCase switch
        {
            Case.ConditionWait => Wait(call),
            Case.ConditionNotify => Notify(request.ConditionNotify),
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => throw Unexpected("a reply without its lock");

    public override void OnTimeout(Waiter waiter) => Leave(waiter, WaitOutcome.TimedOut);

    public override void OnCancel(Waiter waiter) => Leave(waiter, WaitOutcome.Cancelled);

    public override void OnDeleted()
    {
        while (_waiters.First is { } waiter)
        {
            Leave(waiter, WaitOutcome.Deleted);
        }

        if (_lock is { } held)
        {
            held.Detach(this);
            Context.Unreference(held, 1);
        }
    }

    /// <summary>Without its lock nobody can be notified any more.</summary>
    public void OnLockDeleted()
    {
        _lock = null;
        base.OnDeleted();
    }

    public override void SaveState(ObjectRecord record)
    {
    }

    public override void RestoreState(ObjectRecord record)
    {
    }

    private ObjectReply? Wait(in Call call)
    {
        if (Context.RefuseWaiter(call) is { } refusal)
        {
            return refusal;
        }

        var waiter = Context.Enter(call, this, _waiters);
        // Whoever waits for the lock has it before this one, even if this one does not wait.
        waiter.Progress = _lock!.ReleaseFully();
        if (call.IsImmediate)
        {
            Leave(waiter, WaitOutcome.TimedOut);
        }

        return null;
    }

    private ObjectReply Notify(ConditionNotify notify)
    {
        Context.NextRevision();
        var wanted = notify.All ? int.MaxValue : Math.Max(1, notify.Count);
        var notified = 0;
        for (; notified < wanted && _waiters.First is { } waiter; notified++)
        {
            Leave(waiter, WaitOutcome.Notified);
        }

        return Answer.Count(notified);
    }

    private void Leave(Waiter waiter, WaitOutcome outcome)
    {
        // One that waits for its lock again has its outcome.
        if (waiter.Line == _waiters)
        {
            waiter.Outcome = outcome;
            _waiters.Remove(waiter);
            Context.Dues.Remove(waiter);
            _lock!.Reacquire(waiter);
        }
    }
}
