namespace Cluster.Coordinator.Scheduling;

/// <summary>The attached nodes that meet one set of criteria, and the work that waits for them.</summary>
internal sealed class NodePool
{
    private readonly IndexedHeap<PoolMember> _available = new();

    /// <summary>A pool without nodes.</summary>
    public NodePool(NodeCriteria criteria, double clock)
    {
        Criteria = criteria;
        Clock = clock;
    }

    /// <summary>Who belongs here.</summary>
    public NodeCriteria Criteria { get; }

    /// <summary>Attached nodes.</summary>
    public int NodeCount { get; private set; }

    /// <summary>Slots of the attached nodes.</summary>
    public int SlotCount { get; private set; }

    /// <summary>Slots of the attached nodes that are idle.</summary>
    public int IdleSlots { get; private set; }

    /// <summary>Chunks that no worker has begun, in the order in which calling them back is to be considered.</summary>
    public LinkedList<Chunk> Unbegun { get; } = new();

    /// <summary>Where it is among the pools that have such chunks, -1 while it has none.</summary>
    public int UnbegunIndex { get; set; } = -1;

    /// <summary>Chunks that have been called back for the idle slots.</summary>
    public int Recalled { get; set; }

    /// <summary>How many lanes use the pool; at zero it goes.</summary>
    public int Users { get; set; }

    /// <summary>Where it is among the pools with waiting work, -1 while it has none.</summary>
    public int ActiveIndex { get; set; } = -1;

    /// <summary>Virtual time of the last work that was picked here: where work starts that was idle.</summary>
    public double Clock { get; set; }

    /// <summary>Owners with work for this pool, the most deserving first.</summary>
    public IndexedHeap<OwnerShare> Waiting { get; } = new();

    /// <summary>The node with the least load that takes work.</summary>
    public Node? LeastLoaded => _available.First?.Node;

    /// <summary>The one after it.</summary>
    public Node? SecondLeastLoaded => _available.Second?.Node;

    /// <summary>The lane whose turn it is.</summary>
    public Lane? FirstLane => Waiting.First?.Lanes.First;

    /// <summary>Takes a node in.</summary>
    public void Join(Node node)
    {
        PoolMember member = new(this, node);
        node.Memberships.Add(member);
        NodeCount++;
        SlotCount += node.Terms.Slots;
        Refresh(member);
    }

    /// <summary>Lets a lost node go.</summary>
    public void Leave(PoolMember member)
    {
        NodeCount--;
        SlotCount -= member.Node.Terms.Slots;
        IdleSlots -= member.IdleSlots;
        _available.Remove(member);
    }

    /// <summary>Puts a node whose load changed in its place.</summary>
    public void Refresh(PoolMember member)
    {
        int idle = member.Node.IdleSlots;
        IdleSlots += idle - member.IdleSlots;
        member.IdleSlots = idle;
        if (member.Node.TakesWork)
        {
            _available.Set(member);
        }
        else
        {
            _available.Remove(member);
        }
    }
}
