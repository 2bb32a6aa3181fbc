namespace Cluster.Coordinator.Scheduling;

/// <summary>An open job, or one that has ended and whose last chunks are still out.</summary>
internal sealed class Job
{
    /// <summary>A job without items.</summary>
    public Job(JobId id, JobTerms terms, Owner owner)
    {
        Id = id;
        Terms = terms;
        Owner = owner;
        Weight = Math.Pow(2, terms.Priority);
        Sizer = new ChunkSizer(terms.ChunkSize);
    }

    /// <summary>Its number.</summary>
    public JobId Id { get; }

    /// <summary>How it wants to be scheduled.</summary>
    public JobTerms Terms { get; }

    /// <summary>Who opened it.</summary>
    public Owner Owner { get; }

    /// <summary>What a slot second is divided by when it is charged.</summary>
    public double Weight { get; }

    /// <summary>Weighted slot seconds that it has used.</summary>
    public double VirtualTime { get; set; }

    /// <summary>Measures its items.</summary>
    public ChunkSizer Sizer { get; }

    /// <summary>Its lanes: one, or one per node that it is pinned to.</summary>
    public List<Lane> Lanes { get; } = [];

    /// <summary>For a pinned job, the lane of the item at each position.</summary>
    public Lane[]? LaneOfItem { get; set; }

    /// <summary>Its lanes that have work to hand out.</summary>
    public int WaitingLanes { get; set; }

    /// <summary>Items that have not come yet and that nodes brought along, by index; null: there are none.</summary>
    public SortedDictionary<ulong, NodeId>? Expected { get; set; }

    /// <summary>Items that came, or were skipped.</summary>
    public ulong Received { get; set; }

    /// <summary>Items that succeeded, or were skipped.</summary>
    public ulong Completed { get; set; }

    /// <summary>Items that failed.</summary>
    public ulong Failed { get; set; }

    /// <summary>Items that were withdrawn.</summary>
    public ulong Cancelled { get; set; }

    /// <summary>Items that no node holds.</summary>
    public ulong Pending { get; set; }

    /// <summary>No more items come.</summary>
    public bool InputsEnded { get; set; }

    /// <summary>The client reads its results too slowly: nothing goes out.</summary>
    public bool IsOutputBlocked { get; set; }

    /// <summary>It is over; only its chunks remain.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Chunks in the hands of nodes.</summary>
    public int ChunksOut { get; private set; }

    /// <summary>The chunk that has been out for the longest time, or whose charge was reviewed longest ago; others follow by <see cref="Chunk.Newer"/>.</summary>
    public Chunk? OldestChunk { get; private set; }

    private Chunk? NewestChunk { get; set; }

    /// <summary>Items with an answer.</summary>
    public ulong Answered => Completed + Failed + Cancelled;

    /// <summary>Items in the hands of nodes, without an answer.</summary>
    public ulong Held => Received - Answered - Pending;

    /// <summary>Whether all is done.</summary>
    public bool IsComplete => InputsEnded && Answered == Received;

    /// <summary>Items that still have to go out, as far as known.</summary>
    public ulong Remaining
    {
        get
        {
            ulong expected = InputsEnded ? 0 : Terms.ExpectedCount.GetValueOrDefault();
            return Pending + (expected > Received ? expected - Received : 0);
        }
    }

    /// <summary>Notes a chunk that goes out.</summary>
    public void Add(Chunk chunk)
    {
        chunk.Newer = null;
        chunk.Older = NewestChunk;
        if (NewestChunk is null)
        {
            OldestChunk = chunk;
        }
        else
        {
            NewestChunk.Newer = chunk;
        }

        NewestChunk = chunk;
        ChunksOut++;
    }

    /// <summary>Notes that a chunk is back.</summary>
    public void Remove(Chunk chunk)
    {
        if (chunk.Older is null)
        {
            OldestChunk = chunk.Newer;
        }
        else
        {
            chunk.Older.Newer = chunk.Newer;
        }

        if (chunk.Newer is null)
        {
            NewestChunk = chunk.Older;
        }
        else
        {
            chunk.Newer.Older = chunk.Older;
        }

        ChunksOut--;
    }
}
