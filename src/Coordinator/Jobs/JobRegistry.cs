using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Cluster.Coordinator.Scheduling;

namespace Cluster.Coordinator.Jobs;

/// <summary>The jobs that run, or that have ended and have chunks out still.</summary>
internal sealed class JobRegistry
{
    private readonly ConcurrentDictionary<JobId, JobSession> _jobs = new();
    private ulong _lastId;

    /// <summary>All of them, in no order.</summary>
    public ICollection<JobSession> All => _jobs.Values;

    /// <summary>How many there are.</summary>
    public int Count => _jobs.Count;

    /// <summary>A number that no job had.</summary>
    public JobId NextId() => new(Interlocked.Increment(ref _lastId));

    /// <summary>Adds a job.</summary>
    public void Add(JobSession job) => _jobs[job.Id] = job;

    /// <summary>Removes a job.</summary>
    public void Remove(JobSession job) => _jobs.TryRemove(job.Id, out _);

    /// <summary>Finds a job by its number.</summary>
    public bool TryFind(JobId id, [NotNullWhen(true)] out JobSession? job) => _jobs.TryGetValue(id, out job);
}
