using Cluster.Coordinator.Objects.Memory;

namespace Cluster.Coordinator.Objects.Sessions;

/// <summary>All sessions.</summary>
internal sealed class SessionTable(ObjectMemory memory)
{
    // Above all that are ever counted.
    private const ulong ReaderBit = 1UL << 63;

    private readonly Dictionary<ulong, ObjectSession> _byId = [];
    private readonly Dictionary<ulong, ObjectSession> _readers = [];
    private readonly Dictionary<string, ObjectSession> _byToken = [];

    /// <summary>The number of the latest session.</summary>
    public ulong Last { get; set; }

    /// <summary>The number of a session that only reads, of which there is no trace in the state.</summary>
    public static ulong Reader(ulong count) => ReaderBit | count;

    /// <summary>Whether it is one of those.</summary>
    public static bool IsReader(ulong id) => (id & ReaderBit) != 0;

    /// <summary>By id, without those that only read.</summary>
    public IEnumerable<ObjectSession> InOrder => _byId.Values.OrderBy(session => session.Id);

    /// <summary>All, those included that only read.</summary>
    public IEnumerable<ObjectSession> All => _byId.Values.Concat(_readers.Values);

    public void Add(ObjectSession session)
    {
        _byId.Add(session.Id, session);
        _byToken.Add(session.Token, session);
    }

    /// <summary>Adds one that only reads.</summary>
    public void AddReader(ulong id) => _readers.Add(id, new ObjectSession(id, "", TimeSpan.Zero, memory));

    public ObjectSession? Find(ulong id) => (IsReader(id) ? _readers : _byId).GetValueOrDefault(id);

    public ObjectSession? Find(string token) => _byToken.GetValueOrDefault(token);

    public void Remove(ObjectSession session)
    {
        if (_readers.Remove(session.Id))
        {
            return;
        }

        _byId.Remove(session.Id);
        _byToken.Remove(session.Token);
    }
}
