namespace Cluster.Node.Hosting;

/// <summary>How far the node is on its way out: it drains, the grace for what runs ends, it leaves. Each may come at any time, from any thread.</summary>
/// <param name="grace">For what runs, where who asks does not say.</param>
/// <param name="time">Measures the grace.</param>
internal sealed class Departure(TimeSpan grace, TimeProvider time) : IDisposable
{
    /// <summary>The longest grace. What takes longer is not waited for by anybody.</summary>
    public static readonly TimeSpan MaxGrace = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _graceOver = new(Timeout.InfiniteTimeSpan, time);
    private readonly CancellationTokenSource _leaving = new();
    private int _signals;

    /// <summary>The node takes nothing more, and finishes what it has.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>What still runs has had its time.</summary>
    public CancellationToken GraceOver => _graceOver.Token;

    /// <summary>The node says goodbye, whatever it has.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <summary>A signal came: the first asks the node to drain, the second to end at once.</summary>
    public void Signal()
    {
        if (Interlocked.Increment(ref _signals) == 1)
        {
            Drain(null);
        }
        else
        {
            LeaveAtOnce();
        }
    }

    /// <summary>Asks the node to drain.</summary>
    /// <param name="forRunning">For what runs; the last one counts. Null: the node's own.</param>
    public void Drain(TimeSpan? forRunning)
    {
        // What hangs on a token runs elsewhere: whoever asks may be a signal's handler, or the reader that is waited for.
        _ = _draining.CancelAsync();
        _graceOver.CancelAfter(forRunning > MaxGrace ? MaxGrace : forRunning ?? grace);
    }

    /// <summary>The node has nothing left.</summary>
    public void Leave()
    {
        _ = _draining.CancelAsync();
        _ = _leaving.CancelAsync();
    }

    /// <summary>The node ends, and nothing is waited for.</summary>
    public void LeaveAtOnce()
    {
        _ = _graceOver.CancelAsync();
        Leave();
    }

    public void Dispose()
    {
        _draining.Dispose();
        _graceOver.Dispose();
        _leaving.Dispose();
    }
}
