namespace Cluster.Coordinator.Scheduling;

/// <summary>The lanes whose items wait while no node that may run them is attached, and when their patience ends.</summary>
internal sealed class NodeAbsence(TimeProvider time)
{
    private readonly List<Lane> _lanes = [];

    /// <summary>Begins or ends a lane's wait, whichever is due.</summary>
    /// <returns>True when its wait began.</returns>
    public bool Update(Lane lane)
    {
        bool waits = lane.Pool.NodeCount == 0 && lane.Pending.Count > 0 && !lane.Job.HasEnded;
        if (waits == lane.WithoutNodesSince.HasValue)
        {
            return false;
        }

        if (waits)
        {
            lane.WithoutNodesSince = time.GetTimestamp();
            _lanes.Add(lane);
        }
        else
        {
            lane.WithoutNodesSince = null;
            _lanes.Remove(lane);
        }

        return waits;
    }

    /// <summary>Ends the waits that a node which has just attached ends.</summary>
    public void Update()
    {
        for (int i = _lanes.Count - 1; i >= 0; i--)
        {
            Update(_lanes[i]);
        }
    }

    /// <summary>A lane whose patience has ended; null when there is none.</summary>
    public Lane? FindTimedOut() => _lanes.Find(lane => Left(lane) <= TimeSpan.Zero);

    private TimeSpan Left(Lane lane) => lane.Job.Terms.NoNodesTimeout - time.GetElapsedTime(lane.WithoutNodesSince.GetValueOrDefault());
}
