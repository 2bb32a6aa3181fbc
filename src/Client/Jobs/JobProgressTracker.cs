using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Adds to the coordinator's snapshots what only the client knows: the total, the time, and what has arrived here.</summary>
internal sealed class JobProgressTracker(long? total, TimeProvider timeProvider)
{
    private readonly long _startedAt = timeProvider.GetTimestamp();
    private JobProgress _last = new() { Total = total };
    private long _completed;
    private long _failed;
    private long _failedBefore;

    public void Succeed(long items) => _completed += items;

    public void Fail() => _failed++;

    /// <summary>
    /// Takes a snapshot of the coordinator. In another run of the job it begins anew, with what was answered before as completed; what the user sees never goes back.
    /// </summary>
    public JobProgress Update(Progress progress) => _last = new JobProgress
    {
        Total = total,
        Received = Math.Max(_last.Received, (long)progress.Received),
        Completed = Math.Max(_last.Completed, (long)progress.Completed - _failedBefore),
        Failed = Math.Max(_last.Failed, (long)progress.Failed + _failedBefore),
        Running = (long)progress.Running,
        Nodes = (int)progress.Nodes,
        Slots = (int)progress.Slots,
        WaitingFor = progress.WaitingFor.Length > 0 ? progress.WaitingFor : null,
        Elapsed = timeProvider.GetElapsedTime(_startedAt),
    };

    /// <summary>The job is without a coordinator.</summary>
    public JobProgress Pause(string reason)
    {
        _failedBefore = _failed;
        return _last = _last with { Running = 0, WaitingFor = reason, Elapsed = timeProvider.GetElapsedTime(_startedAt) };
    }

    /// <summary>The last snapshot, brought up to what has arrived.</summary>
    public JobProgress Latest() => _last with
    {
        Received = Math.Max(_last.Received, _completed + _failed),
        Completed = _completed,
        Failed = _failed,
        Running = 0,
        WaitingFor = null,
        Elapsed = timeProvider.GetElapsedTime(_startedAt),
    };
}
