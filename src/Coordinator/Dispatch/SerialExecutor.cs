namespace Cluster.Coordinator.Dispatch;

/// <summary>
/// Runs actions one after another. Whoever brings an action when nobody is at work runs it at once, on its own thread, and then those that
/// came meanwhile: an idle executor costs no hop between threads, a busy one works in batches. It keeps that thread for a few batches only.
/// </summary>
/// <param name="onFault">Told of an exception that an action lets through; the actions after it run all the same.</param>
/// <param name="onBatch">Called after the actions that were run together.</param>
internal sealed class SerialExecutor(Action<Exception> onFault, Action? onBatch = null) : IThreadPoolWorkItem
{
    // Streams bring actions faster than they can be run only when something is badly overloaded; then their readers wait.
    private const int Capacity = 4096;

    // Then a thread of the pool takes over: who brings an action mostly reads a stream, and the next message may be the heartbeat that renews a lease.
    private const int LentBatches = 4;

    private readonly object _gate = new();
    private Queue<Action> _waiting = new();
    private Queue<Action> _batch = new();
    private readonly List<IThreadPoolWorkItem> _followUps = [];
    private Thread? _worker;

    // Nobody is at work, but a thread of the pool has been asked to.
    private bool _handedOver;

    /// <summary>How many actions wait, those aside that run together now; read from anywhere, so about right.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Runs the action: before this returns or, where another thread is at work, on that thread a little later.</summary>
    public void Post(Action action)
    {
        lock (_gate)
        {
            // The thread at work must not wait for itself.
            while (_waiting.Count >= Capacity && _worker is not null && _worker != Thread.CurrentThread)
            {
                Monitor.Wait(_gate);
            }

            _waiting.Enqueue(action);

            // Who would have to wait for a thread of the pool takes its place: the pool may have none but those that wait here.
            if (_worker is not null || (_handedOver && _waiting.Count < Capacity))
            {
                return;
            }

            TakeOver_NeedsLock();
        }

        Work(LentBatches);
    }

    /// <summary>Goes on with what another thread has left. For the pool.</summary>
    public void Execute()
    {
        lock (_gate)
        {
            if (!_handedOver)
            {
                return;
            }

            TakeOver_NeedsLock();
        }

        Work(int.MaxValue);
    }

    /// <summary>
    /// Called by an action: runs <paramref name="followUp"/> after the batch and outside of the sequence, such as a write that the action
    /// has prepared: on the thread at work when nothing else waits for that thread, otherwise on the pool.
    /// </summary>
    public void Defer(IThreadPoolWorkItem followUp) => _followUps.Add(followUp);

    private void TakeOver_NeedsLock()
    {
        _handedOver = false;
        _worker = Thread.CurrentThread;
    }

    private void Work(int batches)
    {
        bool more;
        do
        {
            lock (_gate)
            {
                (_waiting, _batch) = (_batch, _waiting);
                Monitor.PulseAll(_gate);
            }

            RunBatch();
            // Taken before the next thread may come to work.
            var followUps = TakeFollowUps();
            lock (_gate)
            {
                more = _waiting.Count > 0;
                _handedOver = more && --batches == 0;
                if (!more || _handedOver)
                {
                    _worker = null;
                    Monitor.PulseAll(_gate);
                }
            }

            RunFollowUps(followUps, onPool: more);
        }
        while (more && batches > 0);

        if (more)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void RunBatch()
    {
        while (_batch.TryDequeue(out var action))
        {
            Run(action);
        }

        if (onBatch is not null)
        {
            Run(onBatch);
        }
    }

    private void Run(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // One action must not take those of others with it; the owner decides what a fault means.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onFault(exception);
        }
    }

    private IThreadPoolWorkItem[] TakeFollowUps()
    {
        if (_followUps.Count == 0)
        {
            return [];
        }

        var taken = _followUps.ToArray();
        _followUps.Clear();
        return taken;
    }

    private static void RunFollowUps(IThreadPoolWorkItem[] followUps, bool onPool)
    {
        foreach (var followUp in followUps)
        {
            if (onPool)
            {
                ThreadPool.UnsafeQueueUserWorkItem(followUp, preferLocal: false);
            }
            else
            {
                followUp.Execute();
            }
        }
    }
}
