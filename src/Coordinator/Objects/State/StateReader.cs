using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectsRecord.RecordOneofCase;

namespace Cluster.Coordinator.Objects.State;

/// <summary>Reads what <see cref="StateWriter"/> wrote into a machine that knows nothing yet.</summary>
internal sealed class StateReader(ObjectContext context)
{
    private bool _hasHeader;

    /// <exception cref="InvalidDataException">The record does not belong here.</exception>
    public void Read(ObjectsRecord record)
    {
        if (_hasHeader == (record.RecordCase == Case.Header))
        {
            throw new InvalidDataException("The records of shared objects begin with one header.");
        }

        switch (record.RecordCase)
        {
            case Case.Header:
                ReadHeader(record.Header);
                break;
            case Case.Session:
                ReadSession(record.Session);
                break;
            case Case.Reply:
                Session(record.Reply.Session).Replies.Keep(record.Reply.Reply);
                break;
            case Case.Object:
                ReadObject(record.Object);
                break;
            case Case.Entry:
                Object(record.Entry.Object).RestorePart(record);
                break;
            case Case.Change:
                Object(record.Change.Object).RestorePart(record);
                break;
            case Case.Watcher:
                Object(record.Watcher.Object).RestorePart(record);
                break;
            case Case.Item:
                Object(record.Item.Object).RestorePart(record);
                break;
            case Case.Permits:
                Object(record.Permits.Object).RestorePart(record);
                break;
            case Case.Reference:
                Session(record.Reference.Session).References.Add(record.Reference.Object, record.Reference.Count);
                Object(record.Reference.Object).References += record.Reference.Count;
                break;
            case Case.Waiter:
                ReadWaiter(record.Waiter);
                break;
            default:
                throw new InvalidDataException($"The records of shared objects contain one of an unknown kind ({record.RecordCase}).");
        }
    }

    private void ReadHeader(ObjectsHeader header)
    {
        if (header.Version != StateWriter.Version)
        {
            throw new InvalidDataException(
                $"The records of shared objects have layout {header.Version}, and this coordinator reads {StateWriter.Version}. Start the version that wrote them.");
        }

        _hasHeader = true;
        context.Revision = header.Revision;
        context.Objects.Last = header.LastObject;
        context.Sessions.Last = header.LastSession;
        context.Now = header.Now;
        context.Dues.LastOrder = header.LastDue;
        context.Memory.Limit = header.MemoryLimit == 0 ? long.MaxValue : header.MemoryLimit;
    }

    private void ReadSession(SessionRecord record)
    {
        var session = new ObjectSession(record.Id, record.Token, TimeSpan.FromTicks(record.Lease), context.Memory) { IsConnected = record.Connected };
        session.Replies.Acknowledge(record.Acknowledged, record.Received, context.Limits.KeptReplies);
        context.Dues.Restore(session, record.Due);
        context.Sessions.Add(session);
    }

    private void ReadObject(ObjectRecord record)
    {
        var target = ObjectFactory.Make(context, record.Id, record.Revision, record.Created);
        target.RestoreState(record);
        context.Objects.Add(target);
    }

    private void ReadWaiter(WaiterRecord record)
    {
        var waiter = new Waiter(Session(record.Session), record.Request, Object(record.Request.Object))
        {
            Progress = record.Progress,
            Outcome = (WaitOutcome)record.Outcome,
        };
        Object(record.Object).Lines[(int)record.Line].Add(waiter);
        waiter.Session.AddWaiter(waiter);
        context.Dues.Restore(waiter, record.Due);
    }

    private ObjectSession Session(ulong id) =>
        context.Sessions.Find(id) ?? throw new InvalidDataException($"The records of shared objects refer to session {id} before it is described.");

    private SharedObject Object(ulong id) =>
        context.Objects.Find(id) ?? throw new InvalidDataException($"The records of shared objects refer to object {id} before it is described.");
}
