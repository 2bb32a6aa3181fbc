using System.Diagnostics;
using Cluster.Client;

namespace Cluster.Functional.Restart;

/// <summary>Restarts the coordinator when a call has got so far, and notes when it goes on.</summary>
internal sealed class RestartAt(RestartableCluster cluster, long at, int signal) : IProgress<JobProgress>
{
    private readonly Lock _gate = new();
    private Task? _restarting;
    private long _before;
    private TimeSpan? _recovered;

    /// <summary>Completes with the restart, which must have begun.</summary>
    public Task Done => _restarting ?? throw new InvalidOperationException("The call was over before the restart.");

    /// <summary>From the moment when the coordinator listened to the first new result.</summary>
    public TimeSpan Recovered => _recovered ?? throw new InvalidOperationException("Nothing came after the restart.");

    public void Report(JobProgress value) => Saw(value.Completed);

    /// <summary>So many results are here.</summary>
    public void Saw(long results)
    {
        lock (_gate)
        {
            if (_restarting is null && results >= at)
            {
                _restarting = RestartAsync();
            }
            else if (_recovered is null && cluster.ListensSince != 0 && results > _before)
            {
                _recovered = Stopwatch.GetElapsedTime(cluster.ListensSince);
            }
            else if (cluster.ListensSince == 0)
            {
                _before = results;
            }
        }
    }

    private async Task RestartAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await cluster.StopAsync(signal);
        await cluster.StartAgainAsync();
    }
}
