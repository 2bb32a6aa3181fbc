namespace Cluster.Client.Jobs;

/// <summary>How long a job has been without a coordinator, and how often it has dialled.</summary>
/// <param name="time">Measures it.</param>
/// <param name="patience">How long it may last.</param>
internal sealed class JobOutage(TimeProvider time, TimeSpan patience)
{
    // A run that held this long was a good one, though nothing was answered: items may take hours.
    private static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(10);

    private long _since = time.GetTimestamp();
    private long _runSince;
    private long _answered;
    private bool _hasBroken;

    /// <summary>How often the job was to be opened since the outage began.</summary>
    public int Attempts { get; private set; }

    public TimeSpan Lasted => time.GetElapsedTime(_since);

    public TimeSpan Left => patience - Lasted;

    public bool IsOver => Left <= TimeSpan.Zero;

    /// <summary>The job is to be opened, for the first time or again.</summary>
    public void Try() => Attempts++;

    /// <summary>A run of the job begins.</summary>
    /// <param name="answered">Items answered so far.</param>
    public void BeginRun(long answered)
    {
        _runSince = time.GetTimestamp();
        _answered = answered;
    }

    /// <summary>
    /// The run has broken. If it was the first or a good one the outage begins now, otherwise it goes on: a job that is accepted again and again and gets
    /// nowhere must not do so for ever.
    /// </summary>
    /// <param name="answered">Items answered so far.</param>
    /// <returns>Whether it begins.</returns>
    public bool EndRun(long answered)
    {
        if (_hasBroken && answered == _answered && time.GetElapsedTime(_runSince) < GoodRun)
        {
            return false;
        }

        _hasBroken = true;
        _since = time.GetTimestamp();
        Attempts = 0;
        return true;
    }
}
