using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Cluster.Coordinator.Scheduling;

namespace Cluster.Coordinator.Nodes;

/// <summary>The attached nodes. A name is held by one session at a time.</summary>
internal sealed class NodeRegistry
{
    private readonly ConcurrentDictionary<NodeId, NodeSession> _byId = new();
    private readonly Dictionary<string, NodeSession> _byName = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private volatile NodeSession[] _all = [];
    private uint _lastId;

    /// <summary>The attached nodes, in the order of their attachment.</summary>
    public IReadOnlyList<NodeSession> All => _all;

    /// <summary>How many there are.</summary>
    public int Count => _all.Length;

    /// <summary>A number that no session had.</summary>
    public NodeId NextId() => new(Interlocked.Increment(ref _lastId));

    /// <summary>Adds a session.</summary>
    /// <param name="session">The new one.</param>
    /// <param name="replaced">A session of the same name that had fallen silent or lost its connection, and is not registered any more.</param>
    /// <returns>False: the name belongs to a node that is well.</returns>
    public bool TryAdd(NodeSession session, out NodeSession? replaced)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(session.Name, out replaced) && replaced.Lease.State == LeaseState.Held && replaced.IsConnected)
            {
                return false;
            }

            if (replaced is not null)
            {
                _byId.TryRemove(replaced.Id, out _);
            }

            _byName[session.Name] = session;
            _byId[session.Id] = session;
            Publish_NeedsLock();
            return true;
        }
    }

    /// <summary>Removes a session, unless another took its place.</summary>
    public void Remove(NodeSession session)
    {
        lock (_gate)
        {
            _byId.TryRemove(session.Id, out _);
            if (_byName.TryGetValue(session.Name, out var current) && current == session)
            {
                _byName.Remove(session.Name);
            }

            Publish_NeedsLock();
        }
    }

    /// <summary>Finds the session that a node wants to take up again.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="token">What it got with the welcome.</param>
    /// <param name="session">The session.</param>
    public bool TryFind(string name, string token, [NotNullWhen(true)] out NodeSession? session)
    {
        lock (_gate)
        {
            return _byName.TryGetValue(name, out session) && session.Token.Length > 0
                && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes<char>(session.Token), MemoryMarshal.AsBytes<char>(token));
        }
    }

    /// <summary>Finds a session by its number.</summary>
    public bool TryFind(NodeId id, [NotNullWhen(true)] out NodeSession? session) => _byId.TryGetValue(id.Attachment, out session);

    /// <summary>Finds a session by the node's name.</summary>
    public NodeSession? Find(string name)
    {
        lock (_gate)
        {
            return _byName.GetValueOrDefault(name);
        }
    }

    private void Publish_NeedsLock() => _all = [.. _byId.Values.OrderBy(session => session.Id.Value)];
}
