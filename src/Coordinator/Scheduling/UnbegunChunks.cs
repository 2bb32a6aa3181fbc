namespace Cluster.Coordinator.Scheduling;

/// <summary>Chunks that no worker has begun, as far as is known, and those of them that have been called back.</summary>
internal sealed class UnbegunChunks(TimeProvider time)
{
    // What went out a moment ago may simply be on its way.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly List<NodePool> _pools = [];
    private readonly long _patience = Math.Max(1, (long)(Patience.TotalSeconds * time.TimestampFrequency));

    /// <summary>Pools with chunks that can be called back.</summary>
    public IReadOnlyList<NodePool> Pools => _pools;

    /// <summary>Chunks that have been called back, and have neither come nor begun.</summary>
    public int Recalled { get; private set; }

    /// <summary>A chunk has gone out, or its lane has moved to another pool.</summary>
    public void Add(Chunk chunk)
    {
        NodePool pool = chunk.Lane.Pool;
        if (pool.Criteria.IsOneNode)
        {
            return;
        }

        if (pool.Unbegun.Count == 0)
        {
            pool.UnbegunIndex = _pools.Count;
            _pools.Add(pool);
        }

        chunk.ListedIn = pool;
        Postpone(chunk, time.GetTimestamp());
    }

    /// <summary>A chunk is not to be looked at for a moment.</summary>
    public void Postpone(Chunk chunk, long now)
    {
        // The same margin for all keeps the list in order.
        chunk.LookAt = now + _patience;
        chunk.Place.List?.Remove(chunk.Place);
        chunk.ListedIn!.Unbegun.AddLast(chunk.Place);
    }

    /// <summary>A chunk has been called back.</summary>
    public void Recall(Chunk chunk)
    {
        Unlist(chunk);
        chunk.RecalledFrom = chunk.Lane.Pool;
        chunk.RecalledAt = time.GetTimestamp();
        chunk.RecalledFrom.Recalled++;
        chunk.Node.Recalled++;
        Recalled++;
    }

    /// <summary>A chunk has begun, or is back.</summary>
    public void Remove(Chunk chunk)
    {
        Unlist(chunk);
        if (chunk.RecalledFrom is NodePool pool)
        {
            chunk.RecalledFrom = null;
            pool.Recalled--;
            chunk.Node.Recalled--;
            Recalled--;
        }
    }

    /// <summary>A chunk cannot be called back any more.</summary>
    public void Unlist(Chunk chunk)
    {
        if (chunk.ListedIn is not NodePool pool)
        {
            return;
        }

        chunk.ListedIn = null;
        pool.Unbegun.Remove(chunk.Place);
        if (pool.Unbegun.Count == 0)
        {
            NodePool last = _pools[^1];
            _pools[pool.UnbegunIndex] = last;
            last.UnbegunIndex = pool.UnbegunIndex;
            _pools.RemoveAt(_pools.Count - 1);
            pool.UnbegunIndex = -1;
        }
    }
}
