using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;
using Code = Cluster.Protocol.V1.ObjectErrorCode;

namespace Cluster.Coordinator.Objects.Pipes;

/// <summary>A pipe: two ends, each of which receives what the other has sent.</summary>
internal sealed class PipeObject : SharedObject
{
    private readonly PipeSide _left = new(PipeEnd.Left);
    private readonly PipeSide _right = new(PipeEnd.Right);

    public PipeObject(ObjectContext context, ulong id, ObjectOpen created)
        : base(context, id, created)
    {
        _left.Peer = _right;
        _right.Peer = _left;
    }

    public override ulong Count => (ulong)(_left.Inbox.Count + _right.Inbox.Count);

    public override IReadOnlyList<WaitLine> Lines =>
        [_left.Senders, _left.Receivers, _left.Pollers, _right.Senders, _right.Receivers, _right.Pollers];

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.PipeSend => Values.Check(request.PipeSend.Value, "value", Context.Limits) ?? Refusal(request.PipeSend.End, sends: true) ?? Send(call),
            Case.PipeReceive => Refusal(request.PipeReceive.End, sends: false) ?? Receive(call),
            Case.PipePoll => Refusal(request.PipePoll.End, sends: false) ?? Poll(call),
            Case.PipeClose => Side(request.PipeClose.End) is { } side ? Answer.Flag(Close(side)) : NoEnd(),
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => request.OperationCase switch
    {
        Case.PipePoll => Answer.Flag(false),
        Case.PipeReceive => Refuse.With(Code.Empty, $"{Title} had nothing in time."),
        _ => Refuse.With(Code.Full, $"{Title} had no room in time: each direction holds {Created.Pipe.Capacity} values."),
    };

    public override void OnSessionEnded(ObjectSession session)
    {
        foreach (var side in new[] { _left, _right })
        {
            if (side.User == session.Id)
            {
                Close(side);
            }
        }
    }

    public override void SaveState(ObjectRecord record) => record.Pipe = new PipeState
    {
        LeftClosed = _left.IsClosed,
        RightClosed = _right.IsClosed,
        LeftUser = _left.User,
        RightUser = _right.User,
    };

    public override IEnumerable<ObjectsRecord> SaveParts() =>
        from side in new[] { _left, _right }
        from value in side.Inbox.Items
        select new ObjectsRecord { Item = new ItemRecord { Object = Id, Value = value, Right = side == _right } };

    public override void RestoreState(ObjectRecord record)
    {
        (_left.IsClosed, _right.IsClosed) = (record.Pipe.LeftClosed, record.Pipe.RightClosed);
        (_left.User, _right.User) = (record.Pipe.LeftUser, record.Pipe.RightUser);
        Context.Sessions.Find(_left.User)?.Ties.Add(Id);
        Context.Sessions.Find(_right.User)?.Ties.Add(Id);
    }

    public override void RestorePart(ObjectsRecord part)
    {
        (part.Item.Right ? _right : _left).Inbox.Add(part.Item.Value);
        Charge(Weigh(part.Item.Value));
    }

    public override long Growth(ObjectRequest request) => request.OperationCase == Case.PipeSend ? Weigh(request.PipeSend.Value) : 0;

    private static long Weigh(Payload? value) => Weight.Slot + Weight.Of(value);

    private PipeSide? Side(PipeEnd end) => end switch
    {
        PipeEnd.Left => _left,
        PipeEnd.Right => _right,
        _ => null,
    };

    private ObjectReply? Refusal(PipeEnd end, bool sends)
    {
        if (Side(end) is not { } side)
        {
            return NoEnd();
        }

        if (Created.Pipe.OneWay && sends != (side == _right))
        {
            return Refuse.Invalid($"{Title} is a one-way pipe: its right end sends, its left end receives.");
        }

        return side.IsClosed ? Closed() : null;
    }

    private static ObjectReply NoEnd() => Refuse.Invalid("The request does not say which end of the pipe it is for.");

    private ObjectReply Closed() => Refuse.With(Code.Closed, $"This end of {Title} is closed.");

    private ObjectReply? Send(in Call call)
    {
        var side = Side(call.Request.PipeSend.End)!;
        if (side.Peer.IsClosed)
        {
            return PeerClosed();
        }

        Use(side, call.Session);
        if (side.Peer.Senders.Count > 0 || (Created.Pipe.Capacity > 0 && side.Peer.Inbox.Count >= Created.Pipe.Capacity))
        {
            return Context.Park(call, this, side.Peer.Senders);
        }

        Deliver(side.Peer, call.Request.PipeSend.Value);
        return Answer.Done();
    }

    private ObjectReply PeerClosed() => Refuse.With(Code.Closed, $"The other end of {Title} is closed: nobody will receive this.");

    private void Deliver(PipeSide side, Payload value)
    {
        Context.NextRevision();
        if (side.Receivers.First is { } receiver)
        {
            Context.Answer(receiver, Answer.Value(value));
            return;
        }

        side.Inbox.Add(value);
        Charge(Weigh(value));
        AnswerPollers(side);
    }

    private ObjectReply? Receive(in Call call)
    {
        var side = Side(call.Request.PipeReceive.End)!;
        Use(side, call.Session);
        if (side.Inbox.TryTake(out var value))
        {
            Charge(-Weigh(value));
            Context.NextRevision();
            if (side.Senders.First is { } sender)
            {
                Deliver(side, sender.Request.PipeSend.Value);
                Context.Answer(sender, Answer.Done());
            }

            return Answer.Value(value);
        }

        return side.Peer.IsClosed ? EndOfStream() : Context.Park(call, this, side.Receivers);
    }

    private ObjectReply EndOfStream() => Refuse.With(Code.EndOfStream, $"The other end of {Title} is closed, and all that it had sent was received.");

    private ObjectReply? Poll(in Call call)
    {
        var side = Side(call.Request.PipePoll.End)!;
        return side.Inbox.Count > 0 || side.Peer.IsClosed ? Answer.Flag(true) : Context.Park(call, this, side.Pollers);
    }

    private void Use(PipeSide side, ObjectSession session)
    {
        if (side.User != session.Id)
        {
            var before = Context.Sessions.Find(side.User);
            side.User = session.Id;
            if (before is not null && side.Peer.User != before.Id)
            {
                before.Ties.Remove(Id);
            }

            session.Ties.Add(Id);
        }
    }

    private bool Close(PipeSide side)
    {
        if (side.IsClosed)
        {
            return false;
        }

        Context.NextRevision();
        side.IsClosed = true;
        Charge(-side.Inbox.Items.Sum(Weigh));
        side.Inbox.Clear();
        AnswerAll(side.Receivers, Closed);
        AnswerAll(side.Pollers, Closed);
        AnswerAll(side.Senders, PeerClosed);
        // What this end has not been able to send is lost with it; what it has sent is not.
        AnswerAll(side.Peer.Senders, Closed);
        AnswerAll(side.Peer.Receivers, EndOfStream);
        AnswerPollers(side.Peer);
        return true;
    }

    private void AnswerPollers(PipeSide side) => AnswerAll(side.Pollers, () => Answer.Flag(true));

    private void AnswerAll(WaitLine line, Func<ObjectReply> reply)
    {
        while (line.First is { } waiter)
        {
            Context.Answer(waiter, reply());
        }
    }
}
