namespace Cluster.Worker.Results;

/// <summary>
/// A coarse clock for those who want to know that some time has passed without asking each time: between two items of a few nanoseconds, reading
/// a clock would cost more than the items. It has a thread of its own, which user code cannot starve, and stands still while nothing runs.
/// </summary>
internal sealed class Ticker(TimeSpan period)
{
    /// <summary>Ticks without listeners after which it stands still; starting it again costs a wake-up.</summary>
    private const int IdleTicks = 50;

    // Monitor, not Lock: its Wait has a timeout and needs no handle.
    private readonly object _gate = new();
    private readonly List<ITicked> _listeners = [];
    private volatile ITicked[] _snapshot = [];
    private bool _stands = true;
    private bool _isStarted;

    /// <summary>Ticks <paramref name="listener"/> about every period, on the ticker's thread, until it is removed.</summary>
    public void Add(ITicked listener)
    {
        lock (_gate)
        {
            _listeners.Add(listener);
            _snapshot = [.. _listeners];
            if (!_stands)
            {
                return;
            }

            _stands = false;
            if (_isStarted)
            {
                Monitor.Pulse(_gate);
                return;
            }

            _isStarted = true;
        }

        new Thread(Run) { IsBackground = true, Name = "ticker" }.UnsafeStart();
    }

    /// <summary>After this the listener may be ticked once more, if a tick was under way.</summary>
    public void Remove(ITicked listener)
    {
        lock (_gate)
        {
            _listeners.Remove(listener);
            _snapshot = [.. _listeners];
        }
    }

    private void Run()
    {
        for (var idle = 0; ; idle = _snapshot.Length == 0 ? idle + 1 : 0)
        {
            lock (_gate)
            {
                _stands = idle > IdleTicks && _listeners.Count == 0;
                Monitor.Wait(_gate, _stands ? Timeout.InfiniteTimeSpan : period);
            }

            foreach (var listener in _snapshot)
            {
                listener.Tick();
            }
        }
    }
}
