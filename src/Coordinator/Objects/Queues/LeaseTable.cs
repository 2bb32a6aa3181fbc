using Cluster.Coordinator.Objects.Sessions;

namespace Cluster.Coordinator.Objects.Queues;

/// <summary>The items of a queue that are lent, and to whom.</summary>
internal sealed class LeaseTable
{
    private readonly Dictionary<ulong, (QueueEntry Entry, ObjectSession Session)> _leases = [];
    private readonly Dictionary<ulong, int> _perSession = [];

    public int Count => _leases.Count;

    /// <summary>By item.</summary>
    public IEnumerable<(QueueEntry Entry, ObjectSession Session)> InOrder => _leases.OrderBy(lease => lease.Key).Select(lease => lease.Value);

    public void Add(QueueEntry entry, ObjectSession session, ulong queue)
    {
        _leases.Add(entry.Id, (entry, session));
        _perSession[session.Id] = _perSession.GetValueOrDefault(session.Id) + 1;
        session.Ties.Add(queue);
    }

    /// <summary>Ends leases that the session has.</summary>
    /// <returns>Their items.</returns>
    public List<QueueEntry> Remove(IEnumerable<ulong> leases, ObjectSession session, ulong queue)
    {
        List<QueueEntry> removed = [];
        foreach (var id in leases)
        {
            if (_leases.TryGetValue(id, out var lease) && lease.Session == session)
            {
                _leases.Remove(id);
                removed.Add(lease.Entry);
            }
        }

        if (removed.Count > 0 && (_perSession[session.Id] -= removed.Count) == 0)
        {
            _perSession.Remove(session.Id);
            session.Ties.Remove(queue);
        }

        return removed;
    }

    /// <summary>All that a session has.</summary>
    public List<ulong> Of(ObjectSession session) => [.. _leases.Where(lease => lease.Value.Session == session).Select(lease => lease.Key)];
}
