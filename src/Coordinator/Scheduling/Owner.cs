namespace Cluster.Coordinator.Scheduling;

/// <summary>A client session. Owners share the cluster equally, their jobs share what their owner gets.</summary>
internal sealed class Owner(ulong key)
{
    /// <summary>Identifies the session.</summary>
    public ulong Key { get; } = key;

    /// <summary>Weighted slot seconds that its jobs have used.</summary>
    public double VirtualTime { get; set; }

    /// <summary>Virtual time of its job that was picked last: where a job starts that was idle.</summary>
    public double Clock { get; set; }

    /// <summary>Open jobs; without any the owner is forgotten.</summary>
    public int Jobs { get; set; }

    /// <summary>It waits to be forgotten, unless it opens another job first.</summary>
    public bool IsDeparted { get; set; }

    /// <summary>Its lanes that have work to hand out.</summary>
    public int WaitingLanes { get; set; }

    /// <summary>Its shares, one per pool that its jobs use.</summary>
    public List<OwnerShare> Shares { get; } = [];
}
