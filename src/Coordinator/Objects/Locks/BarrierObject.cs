using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Locks;

/// <summary>A barrier: opens when all parties are there, and breaks for all of them when one is not.</summary>
internal sealed class BarrierObject(ObjectContext context, ulong id, ObjectOpen created) : SharedObject(context, id, created)
{
    private readonly WaitLine _waiters = new();

    // Those who come while the last one of a round carries out its action.
    private readonly WaitLine _next = new();
    private bool _isBroken;
    private ObjectSession? _actor;
    private ulong _token;

    public override ulong Count => (ulong)(_waiters.Count + _next.Count);

    public override IReadOnlyList<WaitLine> Lines => [_waiters, _next];

    private TimeSpan? DefaultTimeout => Created.Barrier.Timeout?.ToTimeSpan();

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.BarrierWait => Wait(call with { Timeout = call.Timeout ?? DefaultTimeout }),
            Case.BarrierRelease => Release(call.Session, request.BarrierRelease),
            Case.BarrierAbort => Break("it was aborted"),
            Case.BarrierReset => Reset(),
            Case.BarrierStatus => new ObjectReply
            {
                BarrierState = new BarrierState { Parties = Created.Barrier.Parties, Waiting = (uint)Count, Broken = _isBroken },
            },
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => Broken("not all parties came in time");

    public override void OnTimeout(Waiter waiter) => Break("one of those who waited ran out of time");

    public override void OnCancel(Waiter waiter)
    {
        var isOfThisRound = waiter.Line == _waiters;
        base.OnCancel(waiter);
        if (isOfThisRound)
        {
            Break("one of those who waited was cancelled");
        }
    }

    public override void OnLost(Waiter waiter)
    {
        var isOfThisRound = waiter.Line == _waiters;
        base.OnLost(waiter);
        if (isOfThisRound)
        {
            Break("one of those who waited was lost");
        }
    }

    public override void OnSessionEnded(ObjectSession session)
    {
        if (_actor == session)
        {
            Break("the one that was to carry out its action was lost");
        }
    }

    public override void OnDeleted()
    {
        base.OnDeleted();
        EndAction();
    }

    public override void SaveState(ObjectRecord record) => record.Barrier = new BarrierStateRecord { Broken = _isBroken, Actor = _actor?.Id ?? 0, Token = _token };

    public override void RestoreState(ObjectRecord record)
    {
        _isBroken = record.Barrier.Broken;
        _actor = Context.Sessions.Find(record.Barrier.Actor);
        _actor?.Ties.Add(Id);
        _token = record.Barrier.Token;
    }

    private ObjectReply? Wait(in Call call)
    {
        if (_isBroken)
        {
            return Broken("someone did not make it; `reset` makes it as new");
        }

        if (_actor is not null)
        {
            return Enqueue(call);
        }

        if (_waiters.Count + 1 == Created.Barrier.Parties)
        {
            Context.NextRevision();
            return Meet(call.Session, call.Request);
        }

        if (call.IsImmediate)
        {
            Break("one of those who waited ran out of time");
        }

        return Context.Park(call, this, _waiters);
    }

    // Its time begins with its round.
    private ObjectReply? Enqueue(in Call call) =>
        call.IsImmediate ? Broken("the last round is not over")
        : Context.Park(call with { Timeout = null }, this, _next);

    // All are there.
    private ObjectReply Meet(ObjectSession last, ObjectRequest request)
    {
        var index = _waiters.Count;
        if (!request.BarrierWait.HasAction)
        {
            Open();
            return new ObjectReply { Index = index };
        }

        _actor = last;
        _token = Context.Revision;
        last.Ties.Add(Id);
        foreach (var waiter in _waiters.All)
        {
            Context.Dues.Remove(waiter);
        }

        return new ObjectReply { BarrierAction = new BarrierAction { Token = _token, Index = (uint)index } };
    }

    private ObjectReply Release(ObjectSession session, BarrierRelease release)
    {
        if (_actor != session || release.Token != _token)
        {
            return Broken("it was aborted or reset while its action was carried out, or one of those who waited was lost");
        }

        if (release.Failed)
        {
            return Break("its action failed");
        }

        Context.NextRevision();
        EndAction();
        Open();
        BeginNextRound();
        return Answer.Done();
    }

    private void Open()
    {
        for (var i = 0; _waiters.First is { } waiter; i++)
        {
            Context.Answer(waiter, new ObjectReply { Index = i });
        }
    }

    private void BeginNextRound()
    {
        while (_actor is null && _next.First is { } waiter)
        {
            if (_waiters.Count + 1 == Created.Barrier.Parties)
            {
                Context.Answer(waiter, Meet(waiter.Session, waiter.Request));
                continue;
            }

            _next.Remove(waiter);
            _waiters.Add(waiter);
            if ((waiter.Request.Timeout?.ToTimeSpan() ?? DefaultTimeout) is { } timeout)
            {
                Context.Dues.Set(waiter, Context.Now, timeout);
            }
        }
    }

    private void EndAction()
    {
        _actor?.Ties.Remove(Id);
        _actor = null;
    }

    private ObjectReply Break(string why)
    {
        Context.NextRevision();
        _isBroken = true;
        EndAction();
        Dismiss(why);
        return Answer.Done();
    }

    private ObjectReply Reset()
    {
        Context.NextRevision();
        _isBroken = false;
        EndAction();
        Dismiss("it was reset");
        return Answer.Done();
    }

    private void Dismiss(string why)
    {
        while ((_waiters.First ?? _next.First) is { } waiter)
        {
            Context.Answer(waiter, Broken(why));
        }
    }

    private ObjectReply Broken(string why) => Refuse.With(ObjectErrorCode.Broken, $"The barrier {(IsAnonymous ? Title : Name)} is broken: {why}.");
}
