namespace Cluster.Coordinator.Scheduling;

/// <summary>Says how far a job is, and why it does not run.</summary>
internal static class JobReport
{
    private const int MaxNames = 3;

    /// <summary>How far a job is.</summary>
    /// <param name="job">An open job.</param>
    /// <param name="attachedNodes">How many nodes are attached.</param>
    /// <param name="openJobs">All open jobs: the ones to wait for are among them.</param>
    public static JobSnapshot Describe(Job job, int attachedNodes, IEnumerable<Job> openJobs)
    {
        NodePool[] pools = [.. job.Lanes.Select(lane => lane.Pool)];
        return new JobSnapshot(
            job.Received, job.Completed, job.Failed, job.Cancelled, job.Pending, job.Held,
            pools.Sum(pool => pool.NodeCount), pools.Sum(pool => pool.SlotCount),
            job.Pending == 0 || job.Held > 0 ? null : Explain(job, attachedNodes, openJobs));
    }

    private static string? Explain(Job job, int attachedNodes, IEnumerable<Job> openJobs)
    {
        if (job.IsOutputBlocked)
        {
            return "the reader of the results is slow";
        }

        Lane? waiting = job.Lanes.Find(lane => lane.Pending.Count > 0);
        if (waiting is null)
        {
            return null;
        }

        NodePool pool = waiting.Pool;
        if (pool.NodeCount == 0)
        {
            return pool.Criteria.DescribeAbsence(attachedNodes);
        }

        string[] others = [.. openJobs.Where(other => other != job && other.ChunksOut > 0).OrderByDescending(other => other.ChunksOut).Select(Name)];
        if (others.Length == 0)
        {
            return pool.LeastLoaded is null ? "the nodes are silent, or end cancelled work" : null;
        }

        string more = others.Length > MaxNames ? $" and {others.Length - MaxNames} more" : "";
        return $"all {pool.SlotCount} slots are busy with {string.Join(", ", others.Take(MaxNames))}{more}";
    }

    private static string Name(Job job) => job.Terms.Name.Length > 0 ? job.Terms.Name : job.Id.ToString();
}
