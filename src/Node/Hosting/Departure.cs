namespace Cluster.Node.Hosting;

/// <summary>How far the node is on its way out: it drains, the grace for what runs ends, it leaves. Each may come at any time, from any thread.</summary>
/// <param name="grace">For what runs, where who asks does not say.</param>
/// <param name="time">Measures the grace.</param>
internal sealed class Departure(TimeSpan grace, TimeProvider time) : IDisposable
{
    /// <summary>The coordinator asked for it.</summary>
    public const string Asked = "the coordinator was asked for it";

    /// <summary>The longest grace. What takes longer is not waited for by anybody.</summary>
    public static readonly TimeSpan MaxGrace = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _graceOver = new(Timeout.InfiniteTimeSpan, time);
    private readonly CancellationTokenSource _leaving = new();
    private readonly Lock _gate = new();
    private string _reason = "";
    private long _graceBegan;
    private TimeSpan _graceLength;
    private int _signals;

    /// <summary>The node takes nothing more, and finishes what it has.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>What still runs has had its time.</summary>
    public CancellationToken GraceOver => _graceOver.Token;

    /// <summary>The node says goodbye, whatever it has.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <summary>Why the node drains: what came first. Empty: it does not.</summary>
    public string Reason
    {
        get
        {
            lock (_gate)
            {
                return _reason;
            }
        }
    }

    /// <summary>How much is left of the grace, once the node drains.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                var left = _graceLength - time.GetElapsedTime(_graceBegan);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>A signal came: the first asks the node to drain, the second to end at once.</summary>
    /// <param name="name">Its name.</param>
    public void Signal(string name)
    {
        if (Interlocked.Increment(ref _signals) == 1)
        {
            Drain(null, $"told to end ({name})");
        }
        else
        {
            LeaveAtOnce();
        }
    }

    /// <summary>Asks the node to drain.</summary>
    /// <param name="forRunning">For what runs; the last one counts. Null: the node's own.</param>
    /// <param name="reason">For people.</param>
    public void Drain(TimeSpan? forRunning, string reason)
    {
        var length = forRunning > MaxGrace ? MaxGrace : forRunning ?? grace;
        lock (_gate)
        {
            _reason = _reason.Length > 0 ? _reason : reason;
            (_graceBegan, _graceLength) = (time.GetTimestamp(), length);
        }

        // What hangs on a token runs elsewhere: whoever asks may be a signal's handler, or the reader that is waited for.
        _ = _draining.CancelAsync();
        _graceOver.CancelAfter(length);
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
