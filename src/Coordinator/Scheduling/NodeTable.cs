using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Cluster.Coordinator.Scheduling;

/// <summary>The attached nodes, and the pools that they form for the open jobs.</summary>
internal sealed class NodeTable
{
    private readonly Dictionary<NodeId, Node> _nodes = [];
    private readonly Dictionary<string, NodePool> _pools = [];

    private readonly NodePool _all;

    /// <summary>A table without nodes. The pool of all nodes is always there: most jobs use it, and filling a pool takes time.</summary>
    public NodeTable() => _all = Acquire(new NodeCriteria(ReadOnlyDictionary<string, string>.Empty), 0);

    /// <summary>How many nodes are attached.</summary>
    public int Count { get; private set; }

    /// <summary>The attached nodes.</summary>
    public IReadOnlyCollection<Node> All => _nodes.Values;

    /// <summary>Idle slots of all attached nodes.</summary>
    public int IdleSlots => _all.IdleSlots;

    /// <summary>Finds an attached node.</summary>
    public bool TryGet(NodeId id, [NotNullWhen(true)] out Node? node) => _nodes.TryGetValue(id, out node);

    /// <summary>Takes a node in.</summary>
    /// <exception cref="ArgumentException">The number is in use, or the terms make no sense.</exception>
    public Node Attach(NodeId id, NodeTerms terms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(terms.Slots, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(terms.Prefetch);
        Node node = new(id, terms);
        if (!_nodes.TryAdd(id, node))
        {
            throw new ArgumentException($"{id} is attached already; a node that attaches anew needs a new number.", nameof(id));
        }

        Count += terms.ForProcesses ? 0 : 1;
        foreach (NodePool pool in _pools.Values)
        {
            if (pool.Criteria.Accept(id, terms))
            {
                pool.Join(node);
            }
        }

        return node;
    }

    /// <summary>Lets a node go.</summary>
    public void Detach(Node node)
    {
        Count -= _nodes.Remove(node.Id) && !node.Terms.ForProcesses ? 1 : 0;
        node.LeavePools();
    }

    /// <summary>The pool for some criteria; give it back with <see cref="Release"/>.</summary>
    /// <param name="criteria">Which nodes.</param>
    /// <param name="clock">Virtual time at which a new pool starts.</param>
    public NodePool Acquire(NodeCriteria criteria, double clock)
    {
        if (!_pools.TryGetValue(criteria.Key, out NodePool? pool))
        {
            pool = new NodePool(criteria, clock);
            _pools.Add(criteria.Key, pool);
            foreach (Node node in _nodes.Values)
            {
                if (!node.IsDraining && criteria.Accept(node.Id, node.Terms))
                {
                    pool.Join(node);
                }
            }
        }

        pool.Users++;
        return pool;
    }

    /// <summary>One user less; without any the pool is dissolved.</summary>
    public void Release(NodePool pool)
    {
        if (--pool.Users > 0)
        {
            return;
        }

        _pools.Remove(pool.Criteria.Key);
        foreach (Node node in _nodes.Values)
        {
            node.Memberships.RemoveAll(member => member.Pool == pool);
        }
    }
}
