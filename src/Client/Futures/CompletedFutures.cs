using Cluster.Client.Futures;

namespace Cluster.Client;

/// <summary>
/// Futures as they are done: <c>as_completed</c> of <c>concurrent.futures</c>, to which futures can be added while it is iterated.
/// Made by <see cref="ClusterFuture.AsCompleted{T}"/>. For one reader.
/// </summary>
/// <typeparam name="TFuture">Type of the futures.</typeparam>
public sealed class CompletedFutures<TFuture> : IAsyncEnumerable<TFuture>
    where TFuture : ClusterFuture
{
    private readonly Lock _gate = new();

    // Null for those that are not waited for, between two iterations.
    private readonly Dictionary<TFuture, Arrival?> _unyielded = [];
    private readonly Queue<TFuture> _ready = new();
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan? _timeout;
    private readonly long _startedAt;
    private readonly CancellationToken _cancellationToken;
    private TaskCompletionSource? _arrival;
    private int _total;

    internal CompletedFutures(IEnumerable<TFuture> futures, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(futures);
        if (timeout is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(timeout));
        }

        TFuture[] distinct = [.. futures.Distinct()];
        _timeProvider = distinct.Length > 0 ? distinct[0].Owner.TimeProvider : TimeProvider.System;
        _startedAt = _timeProvider.GetTimestamp();
        _timeout = timeout;
        _cancellationToken = cancellationToken;
        AddRange(distinct);
    }

    /// <summary>Adds a future, also while the others are iterated. One that is waiting to be yielded already is not added again.</summary>
    /// <param name="future">The future.</param>
    public void Add(TFuture future)
    {
        ArgumentNullException.ThrowIfNull(future);
        var arrival = new Arrival(this);
        lock (_gate)
        {
            if (!_unyielded.TryAdd(future, arrival))
            {
                return;
            }

            _total++;
        }

        future.Add(arrival);
    }

    /// <summary>Adds futures, also while the others are iterated.</summary>
    /// <param name="futures">The futures.</param>
    public void AddRange(IEnumerable<TFuture> futures)
    {
        ArgumentNullException.ThrowIfNull(futures);
        foreach (var future in futures)
        {
            Add(future);
        }
    }

    /// <summary>Iterates over the futures as they are done; ends when all that were added have been yielded.</summary>
    /// <param name="cancellationToken">Ends the iteration; the tasks go on.</param>
    /// <returns>The iterator.</returns>
    /// <exception cref="TimeoutException">Raised by the iterator: the timeout has passed and futures are unfinished.</exception>
    public async IAsyncEnumerator<TFuture> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var batch in BatchesAsync(1, cancellationToken).ConfigureAwait(false))
        {
            yield return batch[0];
        }
    }

    /// <summary>Iterates over the futures in batches: each holds all that have become done since the last.</summary>
    /// <param name="cancellationToken">Ends the iteration; the tasks go on.</param>
    /// <returns>The batches, none of them empty.</returns>
    /// <exception cref="TimeoutException">Raised by the iterator: the timeout has passed and futures are unfinished.</exception>
    public IAsyncEnumerable<IReadOnlyList<TFuture>> BatchesAsync(CancellationToken cancellationToken = default) =>
        BatchesAsync(int.MaxValue, cancellationToken);

    private async IAsyncEnumerable<IReadOnlyList<TFuture>> BatchesAsync(
        int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellationToken);
        Attach();
        try
        {
            while (true)
            {
                either.Token.ThrowIfCancellationRequested();
                if (Take(most, out var arrival) is { } batch)
                {
                    yield return batch;
                }
                else if (arrival is null)
                {
                    yield break;
                }
                else
                {
                    await WaitAsync(arrival, either.Token).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Detach();
        }
    }

    // After an iteration that was left early: asks the futures that it did not yield once more.
    private void Attach()
    {
        (TFuture Future, Arrival Arrival)[] again;
        lock (_gate)
        {
            again = [.. _unyielded.Where(pair => pair.Value is null).Select(pair => (pair.Key, new Arrival(this)))];
            foreach (var (future, arrival) in again)
            {
                _unyielded[future] = arrival;
            }
        }

        foreach (var (future, arrival) in again)
        {
            future.Add(arrival);
        }
    }

    // A future may be asked for again and again, each time with a limit: it must not remember all who gave up.
    private void Detach()
    {
        KeyValuePair<TFuture, Arrival?>[] waiting;
        lock (_gate)
        {
            waiting = [.. _unyielded.Where(pair => pair.Value is { HasCome: false })];
            foreach (var (future, _) in waiting)
            {
                _unyielded[future] = null;
            }
        }

        foreach (var (_, arrival) in waiting)
        {
            arrival!.Detach();
        }
    }

    // What is ready; else the signal to wait for; else neither, at the end.
    private TFuture[]? Take(int most, out Task? arrival)
    {
        lock (_gate)
        {
            arrival = null;
            if (_ready.Count > 0)
            {
                var batch = new TFuture[Math.Min(most, _ready.Count)];
                for (var i = 0; i < batch.Length; i++)
                {
                    batch[i] = _ready.Dequeue();
                    _unyielded.Remove(batch[i]);
                }

                return batch;
            }

            if (_unyielded.Count > 0)
            {
                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            return null;
        }
    }

    private async Task WaitAsync(Task arrival, CancellationToken cancellationToken)
    {
        if (_timeout is not { } timeout)
        {
            await arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var left = timeout - _timeProvider.GetElapsedTime(_startedAt);
        try
        {
            await arrival.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!arrival.IsCompleted)
        {
            throw new TimeoutException(Unfinished());
        }
    }

    private string Unfinished()
    {
        lock (_gate)
        {
            return $"{_unyielded.Count - _ready.Count} (of {_total}) futures unfinished";
        }
    }

    private void Arrived(TFuture future, Arrival arrival)
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            if (!_unyielded.TryGetValue(future, out var expected) || !ReferenceEquals(arrival, expected))
            {
                // It was detached meanwhile; the next iteration asks again.
                return;
            }

            arrival.HasCome = true;
            _ready.Enqueue(future);
            waiter = _arrival;
            _arrival = null;
        }

        waiter?.TrySetResult();
    }

    private sealed class Arrival(CompletedFutures<TFuture> owner) : FutureCallback
    {
        private CompletedFutures<TFuture>? _owner = owner;

        public override bool IsForeign => false;

        public bool HasCome { get; set; }

        public override void Invoke(ClusterFuture future) => Volatile.Read(ref _owner)?.Arrived((TFuture)future, this);

        public void Detach()
        {
            Volatile.Write(ref _owner, null);
            Remove();
        }
    }
}
