using System.Diagnostics.CodeAnalysis;

namespace Cluster.Coordinator.Scheduling;

/// <summary>The open jobs and their owners.</summary>
internal sealed class JobTable(NodeTable nodes, FairShare fairShare)
{
    // An owner who left with debts is remembered, so that reconnecting does not clear them; but only so many.
    private const int MaxDeparted = 1024;

    private readonly Dictionary<JobId, Job> _jobs = [];
    private readonly Dictionary<ulong, Owner> _owners = [];
    private readonly Queue<Owner> _departed = new();

    /// <summary>The open jobs.</summary>
    public Dictionary<JobId, Job>.ValueCollection Jobs => _jobs.Values;

    /// <summary>Those of them that want stragglers to be run a second time.</summary>
    public HashSet<Job> Speculating { get; } = [];

    /// <summary>Finds an open job.</summary>
    public bool TryGet(JobId id, [NotNullWhen(true)] out Job? job) => _jobs.TryGetValue(id, out job);

    /// <summary>Opens a job.</summary>
    /// <exception cref="ArgumentException">The number is in use, or the terms make no sense.</exception>
    public Job Open(JobId id, JobTerms terms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(terms.Priority, JobTerms.MinPriority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(terms.Priority, JobTerms.MaxPriority);
        ArgumentOutOfRangeException.ThrowIfLessThan(terms.ChunkSize ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(terms.NoNodesTimeout, TimeSpan.Zero);
        if (_jobs.ContainsKey(id))
        {
            throw new ArgumentException($"{id} is open already.", nameof(id));
        }

        ForgetDeparted();
        if (!_owners.TryGetValue(terms.Owner, out Owner? owner))
        {
            owner = new Owner(terms.Owner);
            _owners.Add(terms.Owner, owner);
        }

        owner.Jobs++;
        Job job = new(id, terms, owner);
        _jobs.Add(id, job);
        if (terms.PinnedNodes is null)
        {
            AddLane(job, new NodeCriteria(terms.Requires, forProcesses: terms.IsProcess));
            if (terms.Speculate)
            {
                Speculating.Add(job);
            }
        }
        else
        {
            Dictionary<string, Lane> byName = [];
            job.LaneOfItem = [.. terms.PinnedNodes.Select(LaneOf)];

            Lane LaneOf(string name)
            {
                if (!byName.TryGetValue(name, out Lane? lane))
                {
                    lane = AddLane(job, new NodeCriteria(terms.Requires, name));
                    byName.Add(name, lane);
                }

                return lane;
            }
        }

        return job;
    }

    /// <summary>A job is over: it is found no more, and its lanes are gone. Its chunks may still be out.</summary>
    public void Close(Job job)
    {
        _jobs.Remove(job.Id);
        Speculating.Remove(job);
        foreach (Lane lane in job.Lanes)
        {
            Leave(lane);
        }

        if (--job.Owner.Jobs == 0 && !job.Owner.IsDeparted)
        {
            Depart(job.Owner);
        }
    }

    /// <summary>Other nodes may run a lane's items from now on. Whoever calls this puts the lane into the queue again.</summary>
    public void Move(Lane lane, NodeCriteria criteria)
    {
        Leave(lane);
        Enter(lane, criteria);
    }

    /// <summary>The lanes whose items no other node may run.</summary>
    public List<Lane> FindLanesOnlyOn(Node node) =>
        [.. Jobs.SelectMany(job => job.Lanes).Where(lane => lane.Pool.NodeCount == 1 && node.Memberships.Exists(member => member.Pool == lane.Pool))];

    private Lane AddLane(Job job, NodeCriteria criteria)
    {
        Lane lane = new(job);
        job.Lanes.Add(lane);
        Enter(lane, criteria);
        return lane;
    }

    private void Enter(Lane lane, NodeCriteria criteria)
    {
        NodePool pool = nodes.Acquire(criteria, fairShare.Clock);
        Owner owner = lane.Job.Owner;
        OwnerShare? share = owner.Shares.Find(candidate => candidate.Pool == pool);
        if (share is null)
        {
            share = new OwnerShare(owner, pool);
            owner.Shares.Add(share);
        }

        share.Users++;
        lane.Share = share;
    }

    private void Leave(Lane lane)
    {
        fairShare.Dequeue(lane);
        nodes.Release(lane.Pool);
        if (--lane.Share.Users == 0)
        {
            lane.Job.Owner.Shares.Remove(lane.Share);
        }
    }

    private void Depart(Owner owner)
    {
        owner.IsDeparted = true;
        _departed.Enqueue(owner);
    }

    private void ForgetDeparted()
    {
        // Two per job that opens: more than can come.
        for (int i = 0; i < 2 && _departed.TryDequeue(out Owner? owner); i++)
        {
            owner.IsDeparted = false;
            if (owner.Jobs > 0)
            {
                continue;
            }

            if (owner.VirtualTime > fairShare.Clock && _departed.Count < MaxDeparted)
            {
                Depart(owner);
            }
            else if (_owners.TryGetValue(owner.Key, out Owner? current) && current == owner)
            {
                _owners.Remove(owner.Key);
            }
        }
    }
}
