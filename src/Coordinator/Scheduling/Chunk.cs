namespace Cluster.Coordinator.Scheduling;

/// <summary>Items in the hands of a node. Chunks are used again, under new numbers.</summary>
internal sealed class Chunk
{
    private PendingSegment _segment;

    /// <summary>An empty chunk.</summary>
    public Chunk() => Place = new LinkedListNode<Chunk>(this);

    /// <summary>Its number.</summary>
    public ChunkId Id { get; private set; }

    /// <summary>Where the items came from.</summary>
    public Lane Lane { get; private set; } = null!;

    /// <summary>Who holds it.</summary>
    public Node Node { get; private set; } = null!;

    /// <summary>All its items.</summary>
    public ItemRange Items => _segment.Items;

    /// <summary>Which attempt this is; 1 for the first.</summary>
    public uint Attempt => _segment.Attempt;

    /// <summary>It was to have a worker for itself.</summary>
    public bool WasAlone => _segment.Alone;

    /// <summary>Items without an answer.</summary>
    public RangeSet Unanswered { get; } = new();

    /// <summary>Unanswered items that the client has withdrawn: they count as cancelled unless an answer is faster.</summary>
    public RangeSet Withdrawn { get; } = new();

    /// <summary>It went out before anything was measured.</summary>
    public bool IsProbe { get; private set; }

    /// <summary>Slot seconds that fair sharing has charged for it so far.</summary>
    public double ChargedSeconds { get; set; }

    /// <summary>When a worker took it, as a timestamp; null before.</summary>
    public long? StartedAt { get; set; }

    /// <summary>How firmly the node has been asked to give it up.</summary>
    public CancelMode Asked { get; set; }

    /// <summary>The node does not hold it any more; its items are about to be seen to.</summary>
    public bool IsBack { get; set; }

    /// <summary>Another chunk with the same unanswered items, on behalf of this one or the other way round; null: there is none.</summary>
    public Chunk? Twin { get; set; }

    /// <summary>It has had a twin, or has.</summary>
    public bool WasCopied { get; set; }

    /// <summary>Its place in the node's list.</summary>
    public int IndexInNode { get; set; }

    /// <summary>The chunk before it in the job's list.</summary>
    public Chunk? Older { get; set; }

    /// <summary>The chunk after it in the job's list.</summary>
    public Chunk? Newer { get; set; }

    /// <summary>Its place among the chunks that have not begun.</summary>
    public LinkedListNode<Chunk> Place { get; }

    /// <summary>The pool from whose nodes it can be called back; null once it has begun or has been asked for.</summary>
    public NodePool? ListedIn { get; set; }

    /// <summary>When calling it back is to be considered, as a timestamp.</summary>
    public long LookAt { get; set; }

    /// <summary>The pool for whose idle slots it has been called back; null when it has not been, or has begun.</summary>
    public NodePool? RecalledFrom { get; set; }

    /// <summary>When that was, as a timestamp.</summary>
    public long RecalledAt { get; set; }

    /// <summary>Fills a chunk.</summary>
    public void Fill(ChunkId id, Lane lane, Node node, in PendingSegment segment, double chargedSeconds)
    {
        Id = id;
        Lane = lane;
        Node = node;
        _segment = segment;
        IsProbe = !lane.Job.Sizer.IsMeasured;
        ChargedSeconds = chargedSeconds;
        Unanswered.Add(segment.Items);
    }

    /// <summary>Empties it for its next use.</summary>
    public void Reset()
    {
        Unanswered.Clear();
        Withdrawn.Clear();
        StartedAt = null;
        Asked = CancelMode.None;
        IsBack = false;
        Twin = null;
        WasCopied = false;
        Older = null;
        Newer = null;
    }

    /// <summary>There has been another attempt meanwhile.</summary>
    public void RaiseAttempt(uint attempt) => _segment = _segment with { Attempt = Math.Max(_segment.Attempt, attempt) };

    /// <summary>Some of the items, with their history.</summary>
    public PendingSegment Slice(ItemRange items) => _segment with { Items = items, WasOut = true };
}
