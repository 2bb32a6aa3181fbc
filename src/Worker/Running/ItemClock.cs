using System.Diagnostics.CodeAnalysis;
using Cluster.Protocol.V1;
using Cluster.Worker.Results;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Worker.Running;

/// <summary>
/// Limits the time of a chunk's items, one after another: cancels the token of the one that runs when its time is up, and knows what the node has to be told
/// to end the worker when that does not help.
/// </summary>
/// <remarks>The chunk's flow begins and ends items; a ticker looks at the time, another reports.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "User code may hold on to the token after the item, and the source has no timer.")]
internal sealed class ItemClock(TimeSpan timeout, TimeProvider time) : ITicked
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _cancelling;
    private ulong _index;
    private uint _tries;
    private long _since;
    private TimeSpan? _wait;
    private volatile bool _isReported;
    private bool _isKnown;
    private bool _isOld;

    public TimeSpan Timeout => timeout;

    /// <summary>The node has been told of the item, or is about to be: it has to hear of its end too before the next one begins.</summary>
    public bool IsReported => _isReported;

    /// <summary>An attempt at an item begins.</summary>
    /// <param name="index">The item.</param>
    /// <param name="tries">How many attempts at it have failed.</param>
    /// <returns>The token to cancel it by.</returns>
    public CancellationToken Begin(ulong index, uint tries)
    {
        var cancelling = new CancellationTokenSource();
        lock (_gate)
        {
            _isReported &= index == _index;
            (_cancelling, _index, _tries) = (cancelling, index, tries);
            Restart_NeedsLock(null);
        }

        return cancelling.Token;
    }

    /// <summary>The attempt is over.</summary>
    /// <returns>How long it took.</returns>
    public TimeSpan End()
    {
        lock (_gate)
        {
            var elapsed = time.GetElapsedTime(_since);
            _cancelling = null;
            return elapsed;
        }
    }

    /// <summary>The next attempt at the item will begin after a while.</summary>
    public void Wait(TimeSpan delay)
    {
        lock (_gate)
        {
            _tries++;
            Restart_NeedsLock(delay);
        }
    }

    /// <summary>The chunk is to stop.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            Cancel_NeedsLock();
        }
    }

    /// <summary>Looks at the time.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (_cancelling is { IsCancellationRequested: false } && time.GetElapsedTime(_since) >= timeout)
            {
                Cancel_NeedsLock();
            }
        }
    }

    /// <summary>What the node should know and does not: which item runs, if it has run for longer than from one call to the next.</summary>
    public WorkerItemRunning? TakeReport()
    {
        lock (_gate)
        {
            if (_isKnown || (_cancelling is null && _wait is null))
            {
                return null;
            }

            if (!_isOld)
            {
                _isOld = true;
                return null;
            }

            _isKnown = _isReported = true;
            var elapsed = time.GetElapsedTime(_since);
            var report = new WorkerItemRunning { Index = _index, Tries = _tries };
            if (_wait is { } wait)
            {
                report.Waiting = Duration.FromTimeSpan(elapsed < wait ? wait - elapsed : TimeSpan.Zero);
            }
            else
            {
                report.Running = Duration.FromTimeSpan(elapsed);
            }

            return report;
        }
    }

    private void Restart_NeedsLock(TimeSpan? wait)
    {
        _wait = wait;
        _since = time.GetTimestamp();
        _isKnown = _isOld = false;
    }

    // What user code has registered on the token runs elsewhere; the flag is up at once.
    private void Cancel_NeedsLock() => _ = _cancelling?.CancelAsync();
}
