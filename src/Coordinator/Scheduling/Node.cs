namespace Cluster.Coordinator.Scheduling;

/// <summary>An attached node and the chunks in its hands.</summary>
internal sealed class Node(NodeId id, NodeTerms terms)
{
    private readonly List<Chunk> _chunks = [];

    /// <summary>Its number.</summary>
    public NodeId Id { get; } = id;

    /// <summary>What it offers.</summary>
    public NodeTerms Terms { get; } = terms;

    /// <summary>Its places in pools.</summary>
    public List<PoolMember> Memberships { get; } = [];

    /// <summary>It has been silent and takes no new work.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>Since when there is no connection to it, as a timestamp; null: there is one.</summary>
    public long? AwaySince { get; set; }

    /// <summary>It is about to leave: no pool has it, and it takes no new work.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Items that it has answered.</summary>
    public ulong ItemsAnswered { get; set; }

    /// <summary>Chunks that it holds.</summary>
    public IReadOnlyList<Chunk> Chunks => _chunks;

    /// <summary>Chunks held, in terms of its slots: below 1 a slot is idle.</summary>
    public double Load { get; private set; }

    /// <summary>Chunks of these that have been called back.</summary>
    public int Recalled { get; set; }

    /// <summary>Slots without a chunk, if it takes work.</summary>
    public int IdleSlots => IsSuspect ? 0 : Math.Max(0, Terms.Slots - _chunks.Count);

    /// <summary>Whether a slot is idle.</summary>
    public bool HasIdleSlot => _chunks.Count < Terms.Slots;

    /// <summary>Whether it can be given a chunk.</summary>
    public bool TakesWork => !IsSuspect && _chunks.Count < Terms.Slots + Terms.Prefetch;

    /// <summary>Hands a chunk over.</summary>
    public void Add(Chunk chunk)
    {
        chunk.IndexInNode = _chunks.Count;
        _chunks.Add(chunk);
        Refresh();
    }

    /// <summary>Takes a chunk back.</summary>
    public void Remove(Chunk chunk)
    {
        Chunk last = _chunks[^1];
        _chunks[chunk.IndexInNode] = last;
        last.IndexInNode = chunk.IndexInNode;
        _chunks.RemoveAt(_chunks.Count - 1);
        Refresh();
    }

    /// <summary>Takes no new work any more.</summary>
    public void Drain()
    {
        IsDraining = true;
        LeavePools();
    }

    /// <summary>No pool has it any more.</summary>
    public void LeavePools()
    {
        foreach (PoolMember member in Memberships)
        {
            member.Pool.Leave(member);
        }

        Memberships.Clear();
    }

    /// <summary>Tells the pools that load or trust changed.</summary>
    public void Refresh()
    {
        Load = (double)_chunks.Count / Terms.Slots;
        foreach (PoolMember member in Memberships)
        {
            member.Pool.Refresh(member);
        }
    }
}
