using System.Collections.Concurrent;
using Cluster.Client.Connection;
using Cluster.Client.Functions;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;

namespace Cluster.Client.Futures;

/// <summary>
/// Finds the stream that a submitted task belongs to, and bounds how many are open: one that has nothing to do makes room for one that
/// waits, and streams that nobody uses are closed after a while.
/// </summary>
internal sealed class SubmissionStreams(ClusterConnection connection) : IDisposable
{
    // Streams share an HTTP/2 connection, which takes 100 by default; more wait for their turn …
    private const int FewOpen = 32;

    // … unless those that are open are busy for long: then more are opened, on further connections.
    private const int MostOpen = 1024;

    private const int MostKnown = 1024;

    // What a call captured is sent with the call up to this size; larger values, which are rarely new ones, once per stream.
    private const int MaxCaptureBytes = 16 << 10;

    private static readonly TimeSpan BusyPatience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan UnusedFor = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<object, SubmissionStream> _streams = new();

    // By delegate without captured values, or by function whose captures travel with the items: the way of nearly every call.
    private readonly ConcurrentDictionary<(object Function, TaskOptions Options), SubmissionStream> _known = new(FunctionIdentity.Instance);
    private readonly HashSet<SubmissionStream> _open = [];
    private readonly Queue<SubmissionStream> _waiting = new();
    private readonly Lock _creation = new();
    private ITimer? _closing;
    private ITimer? _widening;
    private int _limit = FewOpen;
    private bool _moved;
    private bool _widens;
    private bool _disposed;
    private int _count;

    /// <summary>Submits a task.</summary>
    /// <exception cref="FunctionNotShippableException">The function, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be encoded.</exception>
    public ClusterFuture<TResult> Submit<TItem, TResult>(
        Delegate function, TItem item, Protocol.V1.Arguments arguments, TaskOptions options, CancellationToken cancellationToken)
    {
        connection.ThrowIfDisposed();
        try
        {
            // Tasks of a trace that is recorded have streams of their own: it goes on from job to chunk.
            var trace = JobSpan.RecordedCaller;
            if (trace is null && Known<TItem, TResult>(function, options)?.TrySubmit(item, cancellationToken) is { } future)
            {
                return future;
            }

            var codec = JobRequests.InputCodec<TItem>(function, arguments);
            ResultCheck.Require<TResult>(function);
            var split = connection.Shipper.Split(function, MaxCaptureBytes);
            if (split.Captures is { } captures)
            {
                return Submit<BoundItem<TItem>, TResult>(
                    split.IsShared && trace is null ? split.Function : null, trace, split, new BoundItemCodec<TItem>(codec), new BoundItem<TItem>(captures, item), arguments, options, cancellationToken);
            }

            return Submit<TItem, TResult>(split.IsShared && trace is null ? function : null, trace, split, codec, item, arguments, options, cancellationToken);
        }
        catch (ItemEncodeException exception)
        {
            throw new ClusterException($"An argument cannot travel: {exception.Message}", isTransient: false, exception.InnerException);
        }
    }

    /// <summary>Submits a call of a function by name.</summary>
    /// <exception cref="ClusterException">An argument cannot be encoded.</exception>
    public ClusterFuture<TResult> Submit<TItem, TResult>(NamedTarget target, TItem item, TaskOptions options, CancellationToken cancellationToken)
    {
        connection.ThrowIfDisposed();
        try
        {
            var function = new SplitFunction(target.Function, null, IsShared: true);
            var trace = JobSpan.RecordedCaller;
            return Submit<TItem, TResult>(trace is null ? target : null, trace, function, target.InputCodec<TItem>(), item, target.Arguments, options, cancellationToken);
        }
        catch (ItemEncodeException exception)
        {
            throw new ClusterException($"An argument cannot travel: {exception.Message}", isTransient: false, exception.InnerException);
        }
    }

    /// <summary>A stream has answered everything: it makes room if others wait.</summary>
    public void Idle(SubmissionStream stream)
    {
        lock (_gate)
        {
            _moved = true;
            if (_waiting.Count == 0)
            {
                return;
            }
        }

        Close(stream, onlyIfUnused: false);
    }

    /// <summary>A stream is over: it makes room, and its place can be taken.</summary>
    public void Ended(SubmissionStream stream)
    {
        Forget(stream);
        lock (_gate)
        {
            _moved = true;
            _open.Remove(stream);
        }

        StartWaiting();
    }

    public void Dispose()
    {
        SubmissionStream[] waiting;
        lock (_gate)
        {
            _disposed = true;
            waiting = [.. _waiting];
            _waiting.Clear();
            _closing?.Dispose();
            _widening?.Dispose();
        }

        foreach (var stream in waiting)
        {
            stream.Abandon();
        }
    }

    private SubmissionStream<TItem, TResult>? Known<TItem, TResult>(object function, TaskOptions options) =>
        _known.TryGetValue((function, options), out var known) ? known as SubmissionStream<TItem, TResult> : null;

    // What the stream is known by is null where no further call would have the same object.
    private ClusterFuture<TResult> Submit<TItem, TResult>(
        object? knownBy, string? trace, SplitFunction function, ItemCodec<TItem> codec, TItem item, Protocol.V1.Arguments arguments, TaskOptions options,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var stream = (knownBy is null ? null : Known<TItem, TResult>(knownBy, options)) ?? Find<TItem, TResult>(knownBy, trace, function, codec, arguments, options);
            if (stream.TrySubmit(item, cancellationToken) is { } future)
            {
                return future;
            }

            // It has ended, perhaps before it was remembered here: then nobody else forgets it.
            Forget(stream);
        }
    }

    private SubmissionStream<TItem, TResult> Find<TItem, TResult>(
        object? knownBy, string? trace, SplitFunction function, ItemCodec<TItem> codec, Protocol.V1.Arguments arguments, TaskOptions options)
    {
        var request = JobRequests.ForTasks(connection, function.Function, codec.Format, codec.Stride, arguments, options) with { IsShared = true };
        request.Spec.Traceparent = trace ?? "";
        request.Spec.CapturesInItems = function.Captures is not null;
        var key = new SubmissionKey(request.Spec, options.OnOutput, typeof(TItem), typeof(TResult));
        var stream = FindOrOpen(key, () =>
        {
            var id = $"{request.Spec.Function.Method}-{++_count}";

            return new SubmissionStream<TItem, TResult>(connection, this, id, key, request, codec);
        });
        if (knownBy is not null)
        {
            Remember(knownBy, options, stream);
        }

        return (SubmissionStream<TItem, TResult>)stream;
    }

    private SubmissionStream FindOrOpen(SubmissionKey key, Func<SubmissionStream> create)
    {
        lock (_creation)
        {
            if (_streams.TryGetValue(key, out var found))
            {
                return found;
            }

            var created = create();
            _streams[key] = created;
            if (!TryOpen(created))
            {
                Forget(created);
                throw new ObjectDisposedException(typeof(ClusterClient).FullName);
            }

            return created;
        }
    }

    private void Remember(object function, TaskOptions options, SubmissionStream stream)
    {
        // Options that are made anew for each call would fill the table with entries that nobody finds again.
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known[(function, options)] = stream;
    }

    // False once nobody would cancel the stream any more, which therefore must not take tasks.
    private bool TryOpen(SubmissionStream stream)
    {
        SubmissionStream[] idle = [];
        lock (_gate)
        {
            if (_disposed)
            {
                return false;
            }

            _waiting.Enqueue(stream);
            if (_open.Count >= _limit)
            {
                idle = [.. _open.Where(open => open.IsIdle)];
            }

            _closing ??= connection.TimeProvider.CreateTimer(_ => CloseUnused(), null, UnusedFor, UnusedFor);
        }

        // Those that cannot be closed are closing already, or are idle no more.
        _ = Array.Exists(idle, open => Close(open, onlyIfUnused: false));
        StartWaiting();
        return true;
    }

    private void StartWaiting()
    {
        while (true)
        {
            SubmissionStream? next;
            lock (_gate)
            {
                if (_open.Count >= _limit || !_waiting.TryDequeue(out next))
                {
                    WidenLater();
                    return;
                }

                _open.Add(next);
            }

            next.Start();
        }
    }

    private void WidenLater()
    {
        // Once the time runs, further streams that wait do not extend it.
        if (_waiting.Count > 0 && !_disposed && !_widens)
        {
            _widens = true;
            _widening ??= connection.TimeProvider.CreateTimer(_ => Widen(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _widening.Change(BusyPatience, Timeout.InfiniteTimeSpan);
        }
    }

    private void Widen()
    {
        lock (_gate)
        {
            _widens = false;

            // All open streams have been busy for a while and others wait: their tasks may be long ones.
            if (!_moved)
            {
                _limit = Math.Min(MostOpen, _limit * 2);
            }

            _moved = false;
        }

        StartWaiting();
    }

    private void CloseUnused()
    {
        SubmissionStream[] open;
        lock (_gate)
        {
            open = [.. _open];
            if (_waiting.Count == 0)
            {
                _limit = FewOpen;
            }
        }

        foreach (var stream in open)
        {
            Close(stream, onlyIfUnused: true);
        }
    }

    private bool Close(SubmissionStream stream, bool onlyIfUnused)
    {
        if (!stream.TryClose(onlyIfUnused))
        {
            return false;
        }

        Forget(stream);
        return true;
    }

    private void Forget(SubmissionStream stream)
    {
        _streams.TryRemove(new KeyValuePair<object, SubmissionStream>(stream.Key, stream));
        foreach (var known in _known)
        {
            if (ReferenceEquals(known.Value, stream))
            {
                _known.TryRemove(known);
            }
        }
    }
}
