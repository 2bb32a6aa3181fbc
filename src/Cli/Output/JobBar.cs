using Cluster.Protocol.V1;

namespace Cluster.Cli.Output;

/// <summary>How far a job is that somebody else runs, for a progress bar. Thread-safe.</summary>
/// <param name="time">Measures the rate.</param>
internal sealed class JobBar(TimeProvider time)
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly RateMeter _rates = new(RateWindow);
    private readonly long _start = time.GetTimestamp();
    private JobInfo? _last;
    private double? _rate;

    /// <summary>News of the job.</summary>
    public void Show(JobInfo info)
    {
        lock (_gate)
        {
            _last = info;
            _rate = _rates.Add(info.JobId, info.Completed + info.Failed, time.GetElapsedTime(_start));
        }
    }

    /// <summary>The line to show now; empty: nothing is known yet.</summary>
    /// <param name="outage">Why there is no news; null: there is.</param>
    public string Describe(string? outage = null)
    {
        lock (_gate)
        {
            return _last is not { } info ? "" : $"{info.JobId} {JobLine.NameOf(info.State)} " + ProgressText.Of(
                (long)(info.Completed + info.Failed), (long)info.Failed, info.HasExpectedItems ? (long)info.ExpectedItems : null, _rate, outage ?? (info.WaitingFor.Length > 0 ? info.WaitingFor : null));
        }
    }
}
