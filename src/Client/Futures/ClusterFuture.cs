using System.Runtime.CompilerServices;
using Cluster.Client.Futures;

namespace Cluster.Client;

/// <summary>
/// The result to come of a task that was given to <c>Submit</c>: what <c>apply_async</c> and <c>executor.submit</c> return in Python.
/// Await it, or poll it.
/// </summary>
public abstract class ClusterFuture
{
    // Between the decision how the future ends and the moment when its result may be read.
    private const int Ending = -1;

    private int _status = (int)ClusterFutureStatus.Pending;
    private FutureCallback? _callbacks;
    private CancellationTokenRegistration _cancellation;

    private protected ClusterFuture(IFutureOwner owner)
    {
        Owner = owner;
    }

    /// <summary>Identifies the task within this process, for logs.</summary>
    public string Id => $"{Owner.Id}/{Index}";

    /// <summary>Where the task is. Once it is succeeded, failed or cancelled it stays so.</summary>
    public ClusterFutureStatus Status
    {
        get
        {
            var status = Volatile.Read(ref _status);
            return status == Ending ? ClusterFutureStatus.Running : (ClusterFutureStatus)status;
        }
    }

    /// <summary>
    /// Completes with the task. Fails with <see cref="RemoteTaskException"/> or another <see cref="ClusterException"/>, with
    /// <see cref="TaskTimeoutException"/>, or is cancelled.
    /// A failure that nobody looks at has no consequences.
    /// </summary>
    public Task Task => UntypedTask;

    /// <summary>Name of the node that runs or ran the task; null before one does.</summary>
    public string? Node { get; private set; }

    /// <summary>
    /// Time that the worker spent inside the function; null before the end. Where short tasks ran together it is their average.
    /// </summary>
    public TimeSpan? Duration { get; private set; }

    internal IFutureOwner Owner { get; }

    internal long Index { get; set; }

    internal bool IsDone => Volatile.Read(ref _status) >= (int)ClusterFutureStatus.Succeeded;

    private protected abstract Task UntypedTask { get; }

    /// <summary>Yields futures as they are done: those that are done already first, duplicates once.</summary>
    /// <typeparam name="T">Type of the results.</typeparam>
    /// <param name="futures">The futures. They may belong to different clients.</param>
    /// <param name="timeout">From this call; then a <see cref="TimeoutException"/> is thrown. Default: none.</param>
    /// <param name="cancellationToken">Ends the iteration; the tasks go on.</param>
    /// <returns>The futures as they are done; more can be added while they are iterated. What was yielded is not kept alive.</returns>
    public static CompletedFutures<ClusterFuture<T>> AsCompleted<T>(
        IEnumerable<ClusterFuture<T>> futures, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        new(futures, timeout, cancellationToken);

    /// <summary>Yields futures of several types as they are done: those that are done already first, duplicates once.</summary>
    /// <param name="futures">The futures. They may belong to different clients.</param>
    /// <param name="timeout">From this call; then a <see cref="TimeoutException"/> is thrown. Default: none.</param>
    /// <param name="cancellationToken">Ends the iteration; the tasks go on.</param>
    /// <returns>The futures as they are done; more can be added while they are iterated. What was yielded is not kept alive.</returns>
    public static CompletedFutures<ClusterFuture> AsCompleted(
        IEnumerable<ClusterFuture> futures, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        new(futures, timeout, cancellationToken);

    /// <summary>Lets <c>await</c> wait for the task.</summary>
    /// <returns>The awaiter of <see cref="Task"/>.</returns>
    public TaskAwaiter GetAwaiter() => UntypedTask.GetAwaiter();

    /// <summary>Waits for the task for a limited time.</summary>
    /// <param name="timeout">How long to wait. The task goes on afterwards.</param>
    /// <param name="cancellationToken">Ends the waiting; the task goes on.</param>
    /// <returns>Completes with the task.</returns>
    /// <exception cref="TimeoutException">The task has not finished in time.</exception>
    public async Task GetAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        await WithinAsync(UntypedTask, timeout, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Cancels the task if no worker has begun it. A task that is running gets its <see cref="TaskContext.CancellationToken"/> cancelled
    /// and otherwise runs on, unless <paramref name="force"/> is set.
    /// </summary>
    /// <param name="force">Also give up a running task: its worker process is ended if it does not yield.</param>
    /// <returns>True if the task is cancelled: awaiting it throws and no result will be delivered. False if it is running or done.</returns>
    public bool Cancel(bool force = false)
    {
        if (IsDone)
        {
            return Status == ClusterFutureStatus.Cancelled;
        }

        var cancelled = TryEndAs(ClusterFutureStatus.Pending) || (force && TryEndAs(ClusterFutureStatus.Running));
        Owner.CancelItem(Index, force);
        if (cancelled)
        {
            SetCancelled(CancellationToken.None);
            End(ClusterFutureStatus.Cancelled);
        }

        return cancelled || Status == ClusterFutureStatus.Cancelled;
    }

    /// <summary>
    /// Calls back once when the task is done, on a thread of the pool and before code that awaits the future goes on; at once if it is
    /// done already. What the callback throws is logged.
    /// </summary>
    /// <param name="callback">Gets this future.</param>
    public void AddDoneCallback(Action<ClusterFuture> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Add(new UserCallback<ClusterFuture>(callback));
    }

    internal void Add(FutureCallback callback)
    {
        var seen = Volatile.Read(ref _callbacks);
        while (!ReferenceEquals(seen, FutureCallback.Closed))
        {
            // Those that were removed last go: whoever asks again and again leaves nothing behind.
            var next = seen;
            while (next is { IsRemoved: true })
            {
                next = next.Next;
            }

            callback.Next = next;
            var found = Interlocked.CompareExchange(ref _callbacks, callback, seen);
            if (ReferenceEquals(found, seen))
            {
                return;
            }

            seen = found;
        }

        callback.Invoke(this);
    }

    internal void CancelWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (state, token) => ((ClusterFuture)state!).CancelBy(token), this);
            if (IsDone)
            {
                _cancellation.Dispose();
            }
        }
    }

    internal void MarkRunning(string node)
    {
        // The node first: who sees Running also sees where.
        Node = node;
        Interlocked.CompareExchange(ref _status, (int)ClusterFutureStatus.Running, (int)ClusterFutureStatus.Pending);
    }

    internal void Ran(string node, TimeSpan duration)
    {
        if (!IsDone)
        {
            Node = node;
            Duration = duration;
        }
    }

    internal void Fail(Exception exception)
    {
        if (TryEnd())
        {
            SetException(exception);
            End(ClusterFutureStatus.Failed);
        }
    }

    /// <summary>The cluster has withdrawn the task.</summary>
    internal void Withdraw()
    {
        if (TryEnd())
        {
            SetCancelled(CancellationToken.None);
            End(ClusterFutureStatus.Cancelled);
        }
    }

    private protected abstract void SetException(Exception exception);

    private protected abstract void SetCancelled(CancellationToken cancellationToken);

    /// <summary>Lets those go on who took <see cref="Task"/> before the end.</summary>
    private protected abstract void Release();

    private protected bool TryEnd() => TryEndAs(ClusterFutureStatus.Running) || TryEndAs(ClusterFutureStatus.Pending) || TryEndAs(ClusterFutureStatus.Running);

    private protected void End(ClusterFutureStatus status)
    {
        Volatile.Write(ref _status, (int)status);
        _cancellation.Unregister();
        var callbacks = FutureCallback.Reverse(Interlocked.Exchange(ref _callbacks, FutureCallback.Closed));
        var foreign = false;
        for (var callback = callbacks; callback is not null; callback = callback.Next)
        {
            if (callback.IsForeign)
            {
                foreign = true;
            }
            else
            {
                callback.Invoke(this);
            }
        }

        if (!foreign)
        {
            Release();
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(
            static state =>
            {
                for (var callback = state.callbacks; callback is not null; callback = callback.Next)
                {
                    if (callback.IsForeign)
                    {
                        callback.Invoke(state.future);
                    }
                }

                state.future.Release();
            },
            (future: this, callbacks),
            preferLocal: false);
    }

    private protected async Task<TTask> WithinAsync<TTask>(TTask task, TimeSpan timeout, CancellationToken cancellationToken)
        where TTask : Task
    {
        if (!task.IsCompleted)
        {
            try
            {
                await task.WaitAsync(timeout, Owner.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!task.IsCompleted)
            {
                throw new TimeoutException(
                    $"Task {Id} has not finished within {timeout.TotalSeconds:0.###} s ({Status}). It goes on: wait again, or Cancel it.");
            }
        }

        await task.ConfigureAwait(false);
        return task;
    }

    private bool TryEndAs(ClusterFutureStatus from) => Interlocked.CompareExchange(ref _status, Ending, (int)from) == (int)from;

    private void CancelBy(CancellationToken cancellationToken)
    {
        if (TryEnd())
        {
            Owner.CancelItem(Index, force: false);
            SetCancelled(cancellationToken);
            End(ClusterFutureStatus.Cancelled);
        }
    }
}
