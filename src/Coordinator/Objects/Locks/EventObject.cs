using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Locks;

/// <summary>An event.</summary>
internal sealed class EventObject(ObjectContext context, ulong id, ObjectOpen created) : SharedObject(context, id, created)
{
    private readonly WaitLine _waiters = new();
    private bool _isSet;

    public override ulong Count => _isSet ? 1UL : 0;

    public override IReadOnlyList<WaitLine> Lines => [_waiters];

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.EventSet => Set(),
            Case.EventClear => Clear(),
            Case.EventIsSet => Answer.Flag(_isSet),
            Case.EventWait => _isSet ? Answer.Flag(true) : Context.Park(call, this, _waiters),
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => Answer.Flag(false);

    public override void SaveState(ObjectRecord record) => record.IsSet = _isSet;

    public override void RestoreState(ObjectRecord record) => _isSet = record.IsSet;

    private ObjectReply Set()
    {
        Context.NextRevision();
        _isSet = true;
        while (_waiters.First is { } waiter)
        {
            Context.Answer(waiter, Answer.Flag(true));
        }

        return Answer.Done();
    }

    private ObjectReply Clear()
    {
        Context.NextRevision();
        _isSet = false;
        return Answer.Done();
    }
}
