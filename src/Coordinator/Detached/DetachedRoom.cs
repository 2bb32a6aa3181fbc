namespace Cluster.Coordinator.Detached;

/// <summary>How much room detached jobs take on the disk, what they submitted and what they answered, and how much they may take together. Thread-safe.</summary>
/// <param name="limit">How many bytes they may take.</param>
internal sealed class DetachedRoom(long limit)
{
    private readonly Lock _gate = new();
    private long _used;

    /// <summary>How many bytes they may take.</summary>
    public long Limit => limit;

    /// <summary>How many they take.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Forgets jobs that have ended until there is room for so many bytes, or there are none.</summary>
    public Action<long> MakeRoom { get; set; } = static _ => { };

    /// <summary>Notes bytes that are there, whatever the limit is.</summary>
    public void Add(DetachedJob job, long bytes)
    {
        lock (_gate)
        {
            Add_NeedsLock(job, bytes);
        }
    }

    /// <summary>Notes bytes that are about to be written for a job that runs.</summary>
    /// <returns>False: there is no room for them, and jobs that have ended make none.</returns>
    public bool TryAdd(DetachedJob job, long bytes)
    {
        if (TryAddNow(job, bytes))
        {
            return true;
        }

        MakeRoom(bytes);
        return TryAddNow(job, bytes);
    }

    /// <summary>A job is forgotten.</summary>
    public void Remove(DetachedJob job)
    {
        lock (_gate)
        {
            Add_NeedsLock(job, -job.Bytes);
        }
    }

    private bool TryAddNow(DetachedJob job, long bytes)
    {
        lock (_gate)
        {
            if (_used + bytes > limit)
            {
                return false;
            }

            Add_NeedsLock(job, bytes);
            return true;
        }
    }

    private void Add_NeedsLock(DetachedJob job, long bytes)
    {
        job.Bytes += bytes;
        Volatile.Write(ref _used, _used + bytes);
    }
}
