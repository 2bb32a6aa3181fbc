using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects;

/// <summary>One thing that happened to the shared objects. The same entries in the same order give the same state and the same replies.</summary>
internal readonly record struct ObjectEntry
{
    private ObjectEntry(long time, ObjectEntryKind kind, ulong session)
    {
        Time = time;
        Kind = kind;
        Session = session;
    }

    /// <summary>When, in ticks of UTC. Never earlier than the entry before; where a clock was set back, that entry's time counts.</summary>
    public long Time { get; }

    /// <summary>What happened.</summary>
    public ObjectEntryKind Kind { get; }

    /// <summary>To which session; 0 where it is not about one.</summary>
    public ulong Session { get; }

    /// <summary>Of a new session: its token.</summary>
    public string? Token { get; private init; }

    /// <summary>Of a new session: how long it outlives its connection.</summary>
    public TimeSpan Lease { get; private init; }

    /// <summary>The request. Nobody may change it afterwards: parts of it become part of the state.</summary>
    public ObjectRequest? Request { get; private init; }

    /// <summary>The number below which all replies have been received; of a limit, the bytes.</summary>
    public ulong Number { get; private init; }

    /// <summary>Later replies that have been received.</summary>
    public IReadOnlyList<NumberRange> Received { get; private init; } = [];

    /// <summary>
    /// Whether it has to be written down. Reads leave no trace in the state, and what is due by the passing of time happens at its time whenever the next entry comes.
    /// </summary>
    public bool IsRecorded => Kind switch
    {
        ObjectEntryKind.TimePassed or ObjectEntryKind.ReaderOpened => false,
        _ when SessionTable.IsReader(Session) => false,
        ObjectEntryKind.Request => Operation.Of(Request!.OperationCase)?.Effect == OperationEffect.Change,
        _ => true,
    };

    /// <summary>A session begins; the machine numbers it.</summary>
    public static ObjectEntry SessionOpened(long time, string token, TimeSpan lease) =>
        new(time, ObjectEntryKind.SessionOpened, 0) { Token = token, Lease = lease };

    /// <summary>A session begins that only reads.</summary>
    /// <param name="time">When.</param>
    /// <param name="session">Its number, by <see cref="SessionTable.Reader"/>.</param>
    public static ObjectEntry ReaderOpened(long time, ulong session) => new(time, ObjectEntryKind.ReaderOpened, session);

    /// <summary>The connection of a session broke.</summary>
    public static ObjectEntry SessionDisconnected(long time, ulong session) => new(time, ObjectEntryKind.SessionDisconnected, session);

    /// <summary>A session is back.</summary>
    public static ObjectEntry SessionResumed(long time, ulong session) => new(time, ObjectEntryKind.SessionResumed, session);

    /// <summary>A session said goodbye.</summary>
    public static ObjectEntry SessionClosed(long time, ulong session) => new(time, ObjectEntryKind.SessionClosed, session);

    /// <summary>A session asks for something.</summary>
    public static ObjectEntry Requested(long time, ulong session, ObjectRequest request) => new(time, ObjectEntryKind.Request, session) { Request = request };

    /// <summary>A session has received all replies below a number, and some later ones.</summary>
    public static ObjectEntry Acknowledged(long time, ulong session, ulong number, IReadOnlyList<NumberRange> received) =>
        new(time, ObjectEntryKind.Acknowledged, session) { Number = number, Received = received };

    /// <summary>All objects may take so many bytes together from now on.</summary>
    public static ObjectEntry MemoryLimited(long time, long bytes) => new(time, ObjectEntryKind.MemoryLimited, 0) { Number = (ulong)bytes };

    /// <summary>Nothing but the time.</summary>
    public static ObjectEntry TimePassed(long time) => new(time, ObjectEntryKind.TimePassed, 0);

    /// <summary>The coordinator was started again.</summary>
    public static ObjectEntry Restarted(long time) => new(time, ObjectEntryKind.Restarted, 0);
}
