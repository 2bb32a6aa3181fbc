namespace Cluster.Coordinator.Detached;

/// <summary>Which jobs are forgotten: those that ended long ago, and where they take too much room, those that ended first.</summary>
/// <param name="keepFor">How long a job that has ended is kept.</param>
/// <param name="keepBytes">How much room all jobs have.</param>
internal sealed class Retention(TimeSpan keepFor, long keepBytes)
{
    /// <summary>The jobs to forget now.</summary>
    /// <param name="jobs">All jobs.</param>
    /// <param name="now">The time.</param>
    /// <param name="wanted">For how many bytes more there has to be room.</param>
    public IReadOnlyList<DetachedJob> Expired(IReadOnlyCollection<DetachedJob> jobs, DateTimeOffset now, long wanted = 0)
    {
        var bytes = jobs.Sum(static job => job.Bytes) + wanted;
        List<DetachedJob> expired = [];
        foreach (var (job, at) in jobs.Where(static job => job.End is not null).Select(static job => (job, At: job.End!.At.ToDateTimeOffset())).OrderBy(static ended => ended.At))
        {
            if (now - at > keepFor || bytes > keepBytes)
            {
                expired.Add(job);
                bytes -= job.Bytes;
            }
        }

        return expired;
    }

    /// <summary>Whether there is room for another job, once what can be forgotten is.</summary>
    public bool HasRoom(IReadOnlyCollection<DetachedJob> jobs, long bytes) => jobs.Where(static job => job.End is null).Sum(static job => job.Bytes) + bytes <= keepBytes;
}
