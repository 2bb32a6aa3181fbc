namespace Cluster.Coordinator.Scheduling;

/// <summary>Whose turn it is: start-time fair queueing of owners, and of the jobs of each owner, by the slot time that they use.</summary>
/// <remarks>
/// Work is charged by estimate when it goes out and corrected when it comes back. Whoever starts to wait starts at the clock, the virtual
/// time of the work that was picked last, so that nobody saves up credit while idle and nobody has to make up for the time before he came.
/// </remarks>
internal sealed class FairShare
{
    private readonly List<NodePool> _active = [];

    /// <summary>Pools that have waiting work.</summary>
    public IReadOnlyList<NodePool> ActivePools => _active;

    /// <summary>Virtual time of the last pick in any pool.</summary>
    public double Clock { get; private set; }

    /// <summary>The lane has work to hand out.</summary>
    public void Enqueue(Lane lane)
    {
        if (lane.HeapIndex >= 0)
        {
            return;
        }

        (Job job, OwnerShare share, Owner owner, NodePool pool) = (lane.Job, lane.Share, lane.Job.Owner, lane.Pool);
        if (job.WaitingLanes++ == 0)
        {
            job.VirtualTime = Math.Max(job.VirtualTime, owner.Clock);
        }

        if (owner.WaitingLanes++ == 0)
        {
            owner.VirtualTime = Math.Max(owner.VirtualTime, pool.Clock);
        }

        share.Lanes.Set(lane);
        if (share.HeapIndex < 0)
        {
            pool.Waiting.Set(share);
            if (pool.ActiveIndex < 0)
            {
                pool.ActiveIndex = _active.Count;
                _active.Add(pool);
            }
        }
    }

    /// <summary>The lane has no work to hand out any more.</summary>
    public void Dequeue(Lane lane)
    {
        if (lane.HeapIndex < 0)
        {
            return;
        }

        lane.Job.WaitingLanes--;
        lane.Job.Owner.WaitingLanes--;
        lane.Share.Lanes.Remove(lane);
        if (lane.Share.Lanes.Count > 0)
        {
            return;
        }

        NodePool pool = lane.Pool;
        pool.Waiting.Remove(lane.Share);
        if (pool.Waiting.Count == 0)
        {
            NodePool last = _active[^1];
            _active[pool.ActiveIndex] = last;
            last.ActiveIndex = pool.ActiveIndex;
            _active.RemoveAt(_active.Count - 1);
            pool.ActiveIndex = -1;
        }
    }

    /// <summary>The lane's work goes out next: the clocks move to it.</summary>
    public void Pick(Lane lane)
    {
        Owner owner = lane.Job.Owner;
        lane.Pool.Clock = Math.Max(lane.Pool.Clock, owner.VirtualTime);
        owner.Clock = Math.Max(owner.Clock, lane.Job.VirtualTime);
        Clock = Math.Max(Clock, owner.VirtualTime);
    }

    /// <summary>Charges slot time, or gives some back.</summary>
    /// <param name="job">Who used it.</param>
    /// <param name="seconds">How much; negative to correct an estimate.</param>
#pragma warning disable CA1822 // It belongs to the queues that it reorders.
    public void Charge(Job job, double seconds)
#pragma warning restore CA1822
    {
        double weighted = seconds / job.Weight;
        job.VirtualTime += weighted;
        job.Owner.VirtualTime += weighted;
        if (job.WaitingLanes > 0)
        {
            foreach (Lane lane in job.Lanes)
            {
                if (lane.HeapIndex >= 0)
                {
                    lane.Share.Lanes.Set(lane);
                }
            }
        }

        if (job.Owner.WaitingLanes > 0)
        {
            foreach (OwnerShare share in job.Owner.Shares)
            {
                if (share.HeapIndex >= 0)
                {
                    share.Pool.Waiting.Set(share);
                }
            }
        }
    }

    /// <summary>Whether the work of <paramref name="lane"/> goes before that of <paramref name="other"/>, whichever pools they wait for.</summary>
    public static bool Precedes(Lane lane, Lane other)
    {
        (Owner mine, Owner others) = (lane.Job.Owner, other.Job.Owner);
        return mine == others ? lane.Precedes(other)
            : mine.VirtualTime < others.VirtualTime || (mine.VirtualTime == others.VirtualTime && mine.Key < others.Key);
    }
}
