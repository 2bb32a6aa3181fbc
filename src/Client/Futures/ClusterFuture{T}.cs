using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Cluster.Client.Futures;

namespace Cluster.Client;

/// <summary>
/// The result to come of a task that was given to <c>Submit</c>: what <c>apply_async</c> and <c>executor.submit</c> return in Python.
/// Await it, or poll it.
/// </summary>
/// <typeparam name="T">Type of the result.</typeparam>
public sealed class ClusterFuture<T> : ClusterFuture
{
    private static readonly TaskCompletionSource<T> Released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private T? _value;
    private object? _failure;
    private TaskCompletionSource<T>? _waiters;
    private Task<T>? _done;

    internal ClusterFuture(IFutureOwner owner)
        : base(owner)
    {
    }

    /// <inheritdoc cref="ClusterFuture.Task"/>
    public new Task<T> Task
    {
        get
        {
            if (IsDone)
            {
                return DoneTask();
            }

            var waiters = Volatile.Read(ref _waiters);
            if (waiters is null)
            {
                var mine = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
                waiters = Interlocked.CompareExchange(ref _waiters, mine, null) ?? mine;
            }

            return ReferenceEquals(waiters, Released) ? DoneTask() : waiters.Task;
        }
    }

    private protected override Task UntypedTask => Task;

    /// <summary>Lets <c>await</c> wait for the task and give its result.</summary>
    /// <returns>The awaiter of <see cref="Task"/>.</returns>
    public new TaskAwaiter<T> GetAwaiter() => Task.GetAwaiter();

    /// <summary>Waits for the result for a limited time: Python's <c>result.get(timeout)</c>.</summary>
    /// <param name="timeout">How long to wait. The task goes on afterwards.</param>
    /// <param name="cancellationToken">Ends the waiting; the task goes on.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TimeoutException">The task has not finished in time.</exception>
    public new async Task<T> GetAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var task = await WithinAsync(Task, timeout, cancellationToken).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="ClusterFuture.AddDoneCallback"/>
    public void AddDoneCallback(Action<ClusterFuture<T>> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Add(new UserCallback<ClusterFuture<T>>(callback));
    }

    internal void Succeed(T value)
    {
        if (TryEnd())
        {
            _value = value;
            End(ClusterFutureStatus.Succeeded);
        }
    }

    private protected override void SetException(Exception exception) => _failure = exception;

    private protected override void SetCancelled(CancellationToken cancellationToken) => _failure = cancellationToken;

    private protected override void Release()
    {
        var waiters = Interlocked.Exchange(ref _waiters, Released);
        if (waiters is null)
        {
            return;
        }

        switch (_failure)
        {
            case null:
                waiters.TrySetResult(_value!);
                break;
            case Exception exception:
                waiters.TrySetException(exception);
                Observe(waiters.Task);
                break;
            default:
                waiters.TrySetCanceled((CancellationToken)_failure);
                break;
        }
    }

    // A failed task that nobody awaits would be reported as unobserved when it is collected; failures of tasks may be ignored.
    private static void Observe(Task<T> task) => _ = task.Exception;

    [SuppressMessage("Reliability", "CA2016", Justification = "The token is the reason of the cancellation, not a request for it.")]
    private Task<T> DoneTask()
    {
        if (Volatile.Read(ref _done) is { } done)
        {
            return done;
        }

        switch (_failure)
        {
            case null:
                done = System.Threading.Tasks.Task.FromResult(_value!);
                break;
            case Exception exception:
                done = System.Threading.Tasks.Task.FromException<T>(exception);
                Observe(done);
                break;
            default:
                var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
                source.SetCanceled((CancellationToken)_failure);
                done = source.Task;
                break;
        }

        return Interlocked.CompareExchange(ref _done, done, null) ?? done;
    }
}
