using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Locks;

/// <summary>A barrier: opens when all parties are there, and breaks for all of them when one is not.</summary>
internal sealed class BarrierObject(ObjectContext context, ulong id, ObjectOpen created) : SharedObject(context, id, created)
{
    private readonly WaitLine _waiters = new();
    private bool _isBroken;

    public override ulong Count => (ulong)_waiters.Count;

    public override IReadOnlyList<WaitLine> Lines => [_waiters];

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.BarrierWait => Wait(call with { Timeout = call.Timeout ?? Created.Barrier.Timeout?.ToTimeSpan() }),
            Case.BarrierAbort => Break("it was aborted"),
            Case.BarrierReset => Reset(),
            Case.BarrierStatus => new ObjectReply
            {
                BarrierState = new BarrierState { Parties = Created.Barrier.Parties, Waiting = (uint)_waiters.Count, Broken = _isBroken },
            },
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => Broken("not all parties came in time");

    public override void OnTimeout(Waiter waiter) => Break("one of those who waited ran out of time");

    public override void OnCancel(Waiter waiter)
    {
        base.OnCancel(waiter);
        Break("one of those who waited was cancelled");
    }

    public override void OnLost(Waiter waiter)
    {
        base.OnLost(waiter);
        Break("one of those who waited was lost");
    }

    public override void SaveState(ObjectRecord record) => record.IsBroken = _isBroken;

    public override void RestoreState(ObjectRecord record) => _isBroken = record.IsBroken;

    private ObjectReply? Wait(in Call call)
    {
        if (_isBroken)
        {
            return Broken("someone did not make it; `reset` makes it as new");
        }

        var index = _waiters.Count;
        if (index + 1 == Created.Barrier.Parties)
        {
            Context.NextRevision();
            for (var i = 0; _waiters.First is { } waiter; i++)
            {
                Context.Answer(waiter, new ObjectReply { Index = i });
            }

            return new ObjectReply { Index = index };
        }

        if (call.IsImmediate)
        {
            Break("one of those who waited ran out of time");
        }

        return Context.Park(call, this, _waiters);
    }

    private ObjectReply Break(string why)
    {
        Context.NextRevision();
        _isBroken = true;
        Dismiss(why);
        return Answer.Done();
    }

    private ObjectReply Reset()
    {
        Context.NextRevision();
        _isBroken = false;
        Dismiss("it was reset");
        return Answer.Done();
    }

    private void Dismiss(string why)
    {
        while (_waiters.First is { } waiter)
        {
            Context.Answer(waiter, Broken(why));
        }
    }

    private ObjectReply Broken(string why) => Refuse.With(ObjectErrorCode.Broken, $"The barrier {(IsAnonymous ? Title : Name)} is broken: {why}.");
}
