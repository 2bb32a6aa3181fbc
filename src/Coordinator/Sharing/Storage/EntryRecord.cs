using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Case = Cluster.Protocol.V1.ObjectsEntry.HappeningOneofCase;

namespace Cluster.Coordinator.Sharing.Storage;

/// <summary>Entries as they are written down.</summary>
internal static class EntryRecord
{
    public static JournalRecord Of(in ObjectEntry entry)
    {
        var record = new ObjectsEntry { Time = entry.Time, Session = entry.Session };
        switch (entry.Kind)
        {
            case ObjectEntryKind.SessionOpened:
                record.Opened = new SessionOpening { Token = entry.Token, Lease = entry.Lease.ToDuration() };
                break;
            case ObjectEntryKind.SessionDisconnected:
                record.Disconnected = new Happened();
                break;
            case ObjectEntryKind.SessionResumed:
                record.Resumed = new Happened();
                break;
            case ObjectEntryKind.SessionClosed:
                record.Closed = new Happened();
                break;
            case ObjectEntryKind.Request:
                record.Request = entry.Request;
                break;
            case ObjectEntryKind.Acknowledged:
                record.Acknowledged = entry.Number;
                record.Received.Add(entry.Received);
                break;
            case ObjectEntryKind.MemoryLimited:
                record.MemoryLimit = (long)entry.Number;
                break;
            case ObjectEntryKind.Restarted:
                record.Restarted = new Happened();
                break;
            default:
                throw new ArgumentException($"Entries of the kind {entry.Kind} are not written down.", nameof(entry));
        }

        return new JournalRecord { Objects = record };
    }

    /// <exception cref="InvalidDataException">It is of a kind that this version does not know.</exception>
    public static ObjectEntry Read(ObjectsEntry record) => record.HappeningCase switch
    {
        Case.Opened => ObjectEntry.SessionOpened(record.Time, record.Opened.Token, record.Opened.Lease.ToTimeSpan()),
        Case.Disconnected => ObjectEntry.SessionDisconnected(record.Time, record.Session),
        Case.Resumed => ObjectEntry.SessionResumed(record.Time, record.Session),
        Case.Closed => ObjectEntry.SessionClosed(record.Time, record.Session),
        Case.Request => ObjectEntry.Requested(record.Time, record.Session, record.Request),
        Case.Acknowledged => ObjectEntry.Acknowledged(record.Time, record.Session, record.Acknowledged, record.Received),
        Case.MemoryLimit => ObjectEntry.MemoryLimited(record.Time, record.MemoryLimit),
        Case.Restarted => ObjectEntry.Restarted(record.Time),
        _ => throw new InvalidDataException("The journal has an entry of a kind that this coordinator does not know. Start the version that wrote it."),
    };
}
