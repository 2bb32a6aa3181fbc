using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Client.Futures;

/// <inheritdoc/>
internal sealed class SubmissionStream<TItem, TResult> : SubmissionStream, IJobResults
{
    private readonly Lock _gate = new();
    private readonly QueuedInputs<TItem> _inputs;
    private readonly JobFlow _flow;
    private readonly FutureTable<ClusterFuture<TResult>> _futures = new();
    private readonly ResultReader<TResult> _reader = new();
    private readonly Dictionary<long, Exception> _unreadable = [];
    private TResult[] _values = new TResult[16];
    private ClusterFuture<TResult>?[] _answered = new ClusterFuture<TResult>?[16];
    private bool _closed;
    private bool _used;

    public SubmissionStream(
        ClusterConnection connection, SubmissionStreams owner, string id, object key, JobRequest request, ItemCodec<TItem> codec)
        : base(connection, owner, id, key)
    {
        _inputs = new QueuedInputs<TItem>(codec);
        _flow = new JobFlow(new WindowLimits());
        Stream = new JobStream(connection, request, _inputs, this, _flow);
    }

    public override bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _futures.Count == 0;
            }
        }
    }

    protected override JobStream Stream { get; }

    /// <summary>Submits a task.</summary>
    /// <returns>Its future; null if the stream is closed.</returns>
    /// <exception cref="ItemEncodeException">An argument cannot be encoded.</exception>
    public ClusterFuture<TResult>? TrySubmit(TItem item, CancellationToken cancellationToken)
    {
        var future = new ClusterFuture<TResult>(this);
        bool alone;
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            future.Index = _inputs.Add(item);
            _flow.Reserve(1);
            _futures.Add(future);
            alone = _futures.Count == 1;
            _used = true;
        }

        // A task that nothing is ahead of leaves at once; one that others are ahead of leaves together with those that follow it.
        Stream.Wake(onThisThread: alone);
        future.CancelWith(cancellationToken);
        return future;
    }

    public override bool TryClose(bool onlyIfUnused)
    {
        lock (_gate)
        {
            var unused = !_used;
            _used = false;
            if (_closed || _futures.Count > 0 || (onlyIfUnused && !unused))
            {
                return false;
            }

            _closed = true;
        }

        _inputs.End();
        Stream.Wake();
        return true;
    }

    public void Start(long first, long count, string node, int processId)
    {
        lock (_gate)
        {
            for (var index = first; index < first + count; index++)
            {
                if (_futures.Peek(index) is { } future)
                {
                    future.MarkRunning(node);
                }
            }
        }
    }

    public void Add(ResultEntry entry, in RunFacts facts)
    {
        if (_values.Length < entry.Count)
        {
            _values = new TResult[entry.Count];
            _answered = new ClusterFuture<TResult>?[entry.Count];
        }

        _reader.Read(entry, _values.AsSpan(0, entry.Count), _unreadable.Add);
        var idle = Take(entry.First, entry.Count);
        for (var i = 0; i < entry.Count; i++)
        {
            if (_answered[i] is { } future)
            {
                future.Ran(facts.Node, facts.Duration);
                if (_unreadable.Count > 0 && _unreadable.Remove(entry.First + i, out var failure))
                {
                    future.Fail(failure);
                }
                else
                {
                    future.Succeed(_values[i]);
                }
            }

            // Results and futures live as long as their user wants them.
            _answered[i] = null;
            _values[i] = default!;
        }

        if (idle)
        {
            Idle();
        }
    }

    public void Fail(ItemFailure failure, in RunFacts facts)
    {
        var idle = Take((long)failure.Index, 1);
        if (_answered[0] is { } future)
        {
            _answered[0] = null;
            future.Ran(facts.Node, facts.Duration);
            if (failure.Error?.Kind == ErrorKind.Cancelled)
            {
                future.Withdraw();
            }
            else
            {
                future.Fail(RemoteErrors.ForItem(failure));
            }
        }

        if (idle)
        {
            Idle();
        }
    }

    public ValueTask WaitForReaderAsync(CancellationToken cancellationToken) => default;

    // Without tasks there is nothing to go on with: the next one opens a stream of its own, and has all the time that there is for that.
    public void Pause() => TryClose(onlyIfUnused: false);

    public override void End(Exception? error)
    {
        IReadOnlyList<ClusterFuture<TResult>> left;
        lock (_gate)
        {
            _closed = true;
            left = _futures.TakeAll();
        }

        foreach (var future in left)
        {
            if (error is OperationCanceledException)
            {
                future.Withdraw();
            }
            else
            {
                future.Fail(error is not null
                    ? RemoteErrors.Copy(error)
                    : new ClusterException($"Task {future.Id} was not answered before its job ended. This is a fault of the cluster.", true));
            }
        }
    }

    private bool Take(long first, int count)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++)
            {
                _answered[i] = _futures.Take(first + i);
            }

            return _futures.Count == 0;
        }
    }
}
