using System.Collections.Concurrent;

namespace Cluster.Client.Processes;

/// <summary>The processes of a client that have not ended.</summary>
internal sealed class ProcessList
{
    private readonly ConcurrentDictionary<ClusterProcess, bool> _alive = new();
    private int _last;

    /// <summary>For the names of those that have none.</summary>
    public int NextNumber() => Interlocked.Increment(ref _last);

    public void Add(ClusterProcess process)
    {
        _alive[process] = true;
        _ = process.Ended.ContinueWith((_, _) => _alive.TryRemove(process, out bool _), null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes when those that are no daemons have ended.</summary>
    public async Task JoinAsync()
    {
        foreach (var process in _alive.Keys.Where(static process => !process.Daemon))
        {
            await process.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
