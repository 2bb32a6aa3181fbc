using Cluster.Protocol.V1;
using Grpc.Core;
using ObjectsClient = Cluster.Protocol.V1.Objects.ObjectsClient;

namespace Cluster.Node.Workers.Objects;

/// <summary>
/// The node's own session with the shared objects: watches each dictionary once for all of its workers that watch it. When it breaks, so do the connections of these workers,
/// which come back and go on after what they were told.
/// </summary>
/// <param name="coordinator">Makes the calls.</param>
/// <param name="headers">What they carry.</param>
/// <param name="name">For people: the node.</param>
internal sealed class NodeWatches(ObjectsClient coordinator, Metadata headers, string name) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _over = new();
    private readonly List<(ulong Revision, TaskCompletionSource Reached)> _waits = [];
    private WatchTable _table = new();
    private WatchStream? _stream;
    private Task<WatchStream?>? _opening;
    private Task _running = Task.CompletedTask;
    private ulong _asked;

    /// <summary>Dictionaries that the node watches for its workers.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _table.Watches;
            }
        }
    }

    /// <summary>Has a worker's watch fed by the node, if that can be done. Whatever the worker asks for afterwards has to wait for it.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="request">Its request, which is changed: what the watch begins with, the coordinator answers to the worker itself.</param>
    /// <param name="incarnation">The history that the worker's session belongs to.</param>
    /// <param name="cancellationToken">The worker is gone.</param>
    /// <returns>Whether the request has to be passed on.</returns>
    public async Task<bool> FeedAsync(WatchingWorker worker, ObjectRequest request, string incarnation, CancellationToken cancellationToken)
    {
        // Where the node has no session, as with a disk that is full, the worker has one.
        if (await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false) is not { } stream || stream.Incarnation != incarnation)
        {
            return true;
        }

        NodeWatch? source;
        lock (_gate)
        {
            if (_stream != stream)
            {
                return true;
            }

            source = _table.Enter(worker, request.Number, request.Object);
        }

        if (source is null)
        {
            return false;
        }

        stream.Wake();
        await source.Begun.WaitAsync(cancellationToken).ConfigureAwait(false);
        request.DictWatch.Once = source.IsTold == true;
        if (!request.DictWatch.Once)
        {
            lock (_gate)
            {
                _table.Drop(worker, request.Number);
            }
        }

        return true;
    }

    /// <summary>A worker calls a request off.</summary>
    public void Cancel(WatchingWorker worker, ulong number)
    {
        lock (_gate)
        {
            _table.Cancel(worker, number);
        }

        Distribute();
    }

    /// <summary>A worker is gone.</summary>
    public void Leave(WatchingWorker worker)
    {
        lock (_gate)
        {
            _table.Leave(worker);
        }

        Distribute();
    }

    /// <summary>Hands a reply of the worker's own session on.</summary>
    /// <returns>False: not before <see cref="ReachAsync"/>.</returns>
    public bool TryPass(WatchingWorker worker, ObjectReply reply)
    {
        lock (_gate)
        {
            return _table.TryPass(worker, reply);
        }
    }

    /// <summary>Done when the node has been told everything up to a revision, or will not be.</summary>
    public async Task ReachAsync(ulong revision, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stream is null || revision <= _table.Told)
            {
                return;
            }

            _waits.Add((revision, reached));
            Ask_NeedsLock();
        }

        Distribute();
        await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        Task<WatchStream?>? opening;
        lock (_gate)
        {
            opening = _opening;
        }

        await (opening ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private Task<WatchStream?> OpenAsync()
    {
        lock (_gate)
        {
            return _stream is not null ? Task.FromResult<WatchStream?>(_stream) : _opening ??= ConnectAsync();
        }
    }

    private async Task<WatchStream?> ConnectAsync()
    {
        // Not on the thread of whoever came first, which has the lock.
        await Task.Yield();
        var stream = await WatchStream.TryOpenAsync(coordinator, headers, name, Take, _over.Token).ConfigureAwait(false);
        lock (_gate)
        {
            (_opening, _stream) = (null, stream);
            if (stream is not null)
            {
                _running = ReadAsync(stream);
            }
        }

        return stream;
    }

    private async Task ReadAsync(WatchStream stream)
    {
        await Task.Yield();
        await stream.ReadAsync(Receive).ConfigureAwait(false);
        lock (_gate)
        {
            _stream = null;
            _table.End();
            _table = new WatchTable();
            _asked = 0;
            _waits.ForEach(static wait => wait.Reached.TrySetResult());
            _waits.Clear();
        }

        stream.Dispose();
    }

    private void Receive(ObjectReplies replies)
    {
        lock (_gate)
        {
            foreach (var reply in replies.Replies)
            {
                _table.Receive(reply);
                _asked = reply.Number == _asked ? 0 : _asked;
            }

            foreach (var (_, reached) in _waits.Where(wait => wait.Revision <= _table.Told))
            {
                reached.TrySetResult();
            }

            _waits.RemoveAll(wait => wait.Revision <= _table.Told);
            Ask_NeedsLock();
        }

        Distribute();
    }

    // One at a time: an answer that is under way may be older than what is waited for.
    private void Ask_NeedsLock()
    {
        if (_waits.Count > 0 && _asked == 0)
        {
            _asked = _table.Ask();
        }
    }

    private void Distribute()
    {
        WatchingWorker[] dirty;
        WatchStream? stream;
        lock (_gate)
        {
            dirty = [.. _table.Dirty];
            _table.Dirty.Clear();
            stream = _stream;
        }

        stream?.Wake();
        foreach (var worker in dirty)
        {
            worker.Write();
        }
    }

    private ObjectRequests? Take(WatchStream stream)
    {
        lock (_gate)
        {
            if (_stream != stream || _table.ToSend.Count == 0)
            {
                return null;
            }

            var requests = new ObjectRequests { Acknowledged = _table.Acknowledged, Requests = { _table.ToSend } };
            _table.ToSend.Clear();
            return requests;
        }
    }
}
