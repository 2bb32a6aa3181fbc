namespace Cluster.Coordinator.Objects.Sessions;

/// <summary>All sessions.</summary>
internal sealed class SessionTable
{
    private readonly Dictionary<ulong, ObjectSession> _byId = [];
    private readonly Dictionary<string, ObjectSession> _byToken = [];

    /// <summary>The number of the latest session.</summary>
    public ulong Last { get; set; }

    /// <summary>By id.</summary>
    public IEnumerable<ObjectSession> InOrder => _byId.Values.OrderBy(session => session.Id);

    public void Add(ObjectSession session)
    {
        _byId.Add(session.Id, session);
        _byToken.Add(session.Token, session);
    }

    public ObjectSession? Find(ulong id) => _byId.GetValueOrDefault(id);

    public ObjectSession? Find(string token) => _byToken.GetValueOrDefault(token);

    public void Remove(ObjectSession session)
    {
        _byId.Remove(session.Id);
        _byToken.Remove(session.Token);
    }
}
