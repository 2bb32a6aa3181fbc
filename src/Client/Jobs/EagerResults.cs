using Cluster.Client.Exceptions;
using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Results that are delivered all at once, when the last has come: those of <c>MapAsync</c> and <c>ForEachAsync</c>.</summary>
/// <typeparam name="TAll">What is delivered.</typeparam>
internal abstract class EagerResults<TAll> : IJobResults
{
    private readonly TaskCompletionSource<TAll> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SortedDictionary<long, Exception> _failures = [];
    private readonly bool _throwFirst;
    private long _answered;

    protected EagerResults(bool throwFirst)
    {
        _throwFirst = throwFirst;
    }

    public Task<TAll> Completion => _completion.Task;

    /// <summary>Failures by index.</summary>
    protected IReadOnlyDictionary<long, Exception> Failures => _failures;

    public void Start(long first, long count, string node, int processId)
    {
    }

    public void Add(ResultEntry entry, in RunFacts facts)
    {
        _answered += entry.Count;
        Store(entry);
    }

    public void Fail(ItemFailure failure, in RunFacts facts)
    {
        _answered++;
        Failed((long)failure.Index, RemoteErrors.ForItem(failure));
    }

    public ValueTask WaitForReaderAsync(CancellationToken cancellationToken)
    {
        if (_throwFirst && _failures.Count > 0)
        {
            _completion.TrySetException(_failures.Values.First());
        }

        return default;
    }

    public void Pause()
    {
    }

    public void End(Exception? error)
    {
        if (error is OperationCanceledException cancelled)
        {
            _completion.TrySetCanceled(cancelled.CancellationToken);
        }
        else if (error is not null)
        {
            _completion.TrySetException(error);
        }
        else
        {
            try
            {
                _completion.TrySetResult(Finish(_answered));
            }
            catch (ClusterException exception)
            {
                _completion.TrySetException(exception);
            }
        }

        // Whoever gave up waiting is not interested in the failure either.
        _ = _completion.Task.Exception;
    }

    protected abstract void Store(ResultEntry entry);

    /// <summary>Makes what is delivered.</summary>
    /// <exception cref="MapFailedException">Items failed.</exception>
    protected abstract TAll Finish(long count);

    protected void Failed(long index, Exception exception) => _failures[index] = exception;
}
