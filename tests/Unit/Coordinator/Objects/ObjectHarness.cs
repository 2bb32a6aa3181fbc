using Cluster.Coordinator.Objects;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects;

/// <summary>
/// A machine, sessions and a clock for a test. At its end every test also shows that its entries, applied to another machine, give the same state and the same replies,
/// and that the state survives being written down.
/// </summary>
internal sealed class ObjectHarness(ObjectLimits? limits = null) : IDisposable
{
    private readonly ObjectOutput _output = new();
    private readonly List<ObjectEntry> _entries = [];
    private readonly List<(ulong Session, ObjectReply Reply)> _sent = [];
    private readonly Dictionary<ulong, ulong> _numbers = [];

    public ObjectMachine Machine { get; private set; } = new(limits);

    public long Now { get; private set; } = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public IReadOnlyList<(ulong Session, ObjectReply Reply)> Sent => _sent;

    public ulong Session(string? token = null, int leaseSeconds = 30)
    {
        token ??= $"session-{_numbers.Count + 1}";
        Apply(ObjectEntry.SessionOpened(Now, token, TimeSpan.FromSeconds(leaseSeconds)));
        var session = Machine.FindSession(token)!.Value;
        _numbers[session] = 0;
        return session;
    }

    public ulong Reader()
    {
        var session = SessionTable.Reader((ulong)_numbers.Count + 1);
        Apply(ObjectEntry.ReaderOpened(Now, session));
        _numbers[session] = 0;
        return session;
    }

    public IEnumerable<ObjectEntry> ReaderEntries => _entries.Where(static entry => SessionTable.IsReader(entry.Session));

    public void Disconnect(ulong session) => Apply(ObjectEntry.SessionDisconnected(Now, session));

    public void Resume(ulong session) => Apply(ObjectEntry.SessionResumed(Now, session));

    public void Close(ulong session) => Apply(ObjectEntry.SessionClosed(Now, session));

    /// <summary>The session's connection breaks and its lease runs out.</summary>
    public void Kill(ulong session)
    {
        var lease = Machine.LeaseOf(session)!.Value;
        Disconnect(session);
        Pass(lease);
    }

    public void Acknowledge(ulong session, ulong number, params (ulong First, ulong Last)[] received) =>
        Apply(ObjectEntry.Acknowledged(Now, session, number, [.. received.Select(static range => new NumberRange { First = range.First, Last = range.Last })]));

    public void Pass(TimeSpan time)
    {
        Now += time.Ticks;
        Apply(ObjectEntry.TimePassed(Now));
    }

    public void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>Sends a request under the session's next number, which it returns.</summary>
    public ulong Send(ulong session, ulong target, ObjectRequest request, double? timeout = null)
    {
        request.Number = ++_numbers[session];
        request.Object = target;
        request.Timeout = timeout is null ? request.Timeout : Duration.FromTimeSpan(TimeSpan.FromSeconds(timeout.Value));
        Apply(ObjectEntry.Requested(Now, session, request));
        return request.Number;
    }

    /// <summary>Sends a request again.</summary>
    public void SendAgain(ulong session, ulong target, ObjectRequest request, ulong number)
    {
        request.Number = number;
        request.Object = target;
        Apply(ObjectEntry.Requested(Now, session, request));
    }

    /// <summary>Sends a request that is answered at once.</summary>
    public ObjectReply Ask(ulong session, ulong target, ObjectRequest request, double? timeout = null)
    {
        var number = Send(session, target, request, timeout);
        return Reply(session, number) ?? throw new InvalidOperationException($"{request.OperationCase} waits.");
    }

    /// <summary>Sends a request that is refused at once.</summary>
    public ObjectError Refused(ulong session, ulong target, ObjectRequest request, ObjectErrorCode code, double? timeout = null)
    {
        var reply = Ask(session, target, request, timeout);
        Assert.Equal(ObjectReply.ResultOneofCase.Error, reply.ResultCase);
        Assert.Equal(code, reply.Error.Code);
        Assert.NotEmpty(reply.Error.Message);
        return reply.Error;
    }

    /// <summary>The latest reply to a request; null: there is none yet.</summary>
    public ObjectReply? Reply(ulong session, ulong number) => Replies(session, number).LastOrDefault();

    public IEnumerable<ObjectReply> Replies(ulong session, ulong number) =>
        _sent.Where(sent => sent.Session == session && sent.Reply.Number == number).Select(sent => sent.Reply);

    public ulong Open(ulong session, ObjectOpen open)
    {
        var reply = Ask(session, 0, new ObjectRequest { Open = open });
        Assert.True(reply.ResultCase == ObjectReply.ResultOneofCase.Opened, reply.Error?.Message);
        return reply.Opened.Object;
    }

    public ulong Open(ulong session, ObjectKind kind, string name = "") => Open(session, new ObjectOpen { Kind = kind, Name = name });

    public static ObjectOpen Queue(uint capacity) => new() { Kind = ObjectKind.Queue, Queue = new QueueOptions { Capacity = capacity } };

    /// <summary>Goes on with a machine that was restored from the state of this one.</summary>
    public void Restore() => Machine = ObjectMachine.Restore(Machine.Save().Select(record => record.Clone()), limits);

    public void Apply(ObjectEntry entry)
    {
        _entries.Add(entry);
        _output.Clear();
        Machine.Apply(entry, _output);
        foreach (var delivery in _output.Deliveries)
        {
            _sent.Add((delivery.Session, delivery.Reply));
        }
    }

    public void Dispose()
    {
        var again = new ObjectMachine(limits);
        var output = new ObjectOutput();
        foreach (var entry in _entries)
        {
            again.Apply(entry, output);
        }

        Assert.Equal(_sent.Select(sent => (sent.Session, sent.Reply.ToString())), output.Deliveries.ToArray().Select(sent => (sent.Session, sent.Reply.ToString())));
        Assert.Equal(Bytes(Machine), Bytes(again));
        Assert.Equal(Bytes(Machine), Bytes(ObjectMachine.Restore(Machine.Save().Select(record => record.Clone()), limits)));
    }

    public static List<ByteString> Bytes(ObjectMachine machine) => [.. machine.Save().Select(record => record.ToByteString())];
}
