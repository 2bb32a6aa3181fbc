using Cluster.Protocol.V1;

namespace Cluster.Node.Workers.Objects;

/// <summary>
/// Feeds the watches of many workers from one watch of the node for each dictionary. What a watch begins with - the content, or the changes since a revision - the coordinator
/// answers to the worker itself, in the worker's own order; what happens afterwards comes from here. Since that is another stream than the one of the worker's replies, a reply
/// is held back until the node was told everything up to its revision: whoever sees a reply has seen all changes before it. Pure; the caller serializes the calls.
/// </summary>
internal sealed class WatchTable
{
    /// <summary>What may wait for a worker that does not read.</summary>
    public const long MostBytes = 16 << 20;

    private readonly Dictionary<ulong, NodeWatch> _byTarget = [];
    private readonly Dictionary<ulong, NodeWatch> _byNumber = [];
    private readonly SortedSet<ulong> _unanswered = [];
    private readonly HashSet<WatchingWorker> _fed = [];
    private ulong _last;

    /// <summary>Dictionaries that the node watches, each once.</summary>
    public int Watches => _byTarget.Count;

    /// <summary>The node has been told everything up to this revision.</summary>
    public ulong Told { get; private set; }

    /// <summary>Requests to send, which the caller takes.</summary>
    public List<ObjectRequest> ToSend { get; } = [];

    /// <summary>All replies below this number have come; watches count when they are answered for the first time.</summary>
    public ulong Acknowledged => _unanswered.Count == 0 ? _last + 1 : _unanswered.Min;

    /// <summary>Workers for which something waits to be written, which the caller takes.</summary>
    public HashSet<WatchingWorker> Dirty { get; } = [];

    /// <summary>A worker asks for a watch.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="number">The number of its request.</param>
    /// <param name="target">The dictionary.</param>
    /// <returns>The watch that will feed it. Once that has begun the worker's request is to be asked as one that is answered once. Null: the worker has the watch already.</returns>
    public NodeWatch? Enter(WatchingWorker worker, ulong number, ulong target)
    {
        if (worker.Watches.ContainsKey(number))
        {
            return null;
        }

        if (!_byTarget.TryGetValue(target, out var source))
        {
            source = new NodeWatch(target, Send(new ObjectRequest { Object = target, DictWatch = new DictWatch() }));
            _byTarget.Add(target, source);
            _byNumber.Add(source.Number, source);
        }

        var watch = new WorkerWatch(worker, number, source);
        source.Fed.Add(watch);
        worker.Watches.Add(number, watch);
        worker.Count();
        _fed.Add(worker);
        return source;
    }

    /// <summary>A worker calls a watch off.</summary>
    public void Cancel(WatchingWorker worker, ulong number)
    {
        if (!worker.Watches.TryGetValue(number, out var watch))
        {
            return;
        }

        if (watch.Since is null)
        {
            // Its content may be under way, and comes first.
            watch.IsCancelled = true;
            return;
        }

        EndCancelled(watch);
    }

    /// <summary>The node cannot feed a watch: the worker's request goes to the coordinator as it is.</summary>
    public void Drop(WatchingWorker worker, ulong number)
    {
        if (worker.Watches.TryGetValue(number, out var watch))
        {
            Remove(watch);
        }
    }

    /// <summary>A worker is gone.</summary>
    public void Leave(WatchingWorker worker)
    {
        foreach (var watch in worker.Watches.Values.ToList())
        {
            Remove(watch);
        }
    }

    /// <summary>Hands a reply of the worker's own session on.</summary>
    /// <returns>False: not before <see cref="Told"/> has reached its revision.</returns>
    public bool TryPass(WatchingWorker worker, ObjectReply reply)
    {
        if (worker.Standing > 0 && reply.Revision > Told)
        {
            return false;
        }

        worker.Replies.Add(reply, reply.CalculateSize());
        if (worker.Watches.TryGetValue(reply.Number, out var watch) && watch.Since is null)
        {
            if (reply.Error is not null)
            {
                Remove(watch);
            }
            else if (reply.DictChanges is { More: false })
            {
                Stand(watch, reply.Revision);
            }
        }

        return true;
    }

    /// <summary>A reply of the node's session has come.</summary>
    public void Receive(ObjectReply reply)
    {
        _unanswered.Remove(reply.Number);
        if (_byNumber.TryGetValue(reply.Number, out var source))
        {
            if (reply.Error is not null)
            {
                _byNumber.Remove(source.Number);
                _byTarget.Remove(source.Target);
            }

            if (reply.Error is not null || reply.DictChanges.Changes.Count > 0)
            {
                Tell(source, reply);
            }

            source.Begin(isTold: reply.Error is null);
        }

        // Afterwards: whoever waits for a revision has been told then.
        Told = Math.Max(Told, reply.Revision);
    }

    /// <summary>Asks how far the coordinator is; the reply says that everything up to there has been told.</summary>
    /// <returns>The number of the request.</returns>
    public ulong Ask() => Send(new ObjectRequest { Object = _byTarget.Keys.FirstOrDefault(), DictCount = new DictCount() });

    /// <summary>The node's session has broken: whoever relies on it comes back with another connection, and asks for what it was not told.</summary>
    public void End()
    {
        foreach (var source in _byTarget.Values)
        {
            source.Begin(isTold: false);
        }

        foreach (var worker in _fed.ToList())
        {
            worker.GiveUp();
            Leave(worker);
        }
    }

    private ulong Send(ObjectRequest request)
    {
        request.Number = ++_last;
        _unanswered.Add(_last);
        ToSend.Add(request);
        return _last;
    }

    private void Tell(NodeWatch source, ObjectReply reply)
    {
        var bytes = reply.CalculateSize();
        foreach (var watch in source.Fed.ToArray())
        {
            if (watch.Since is null)
            {
                watch.Early.Enqueue((reply, bytes));
                watch.EarlyBytes += bytes;
            }
            else
            {
                Forward(watch, reply, bytes);
            }

            if (watch.Worker.Replies.Bytes + watch.EarlyBytes > MostBytes)
            {
                Leave(watch.Worker);
                watch.Worker.GiveUp();
            }
        }
    }

    private void Stand(WorkerWatch watch, ulong revision)
    {
        watch.Since = revision;
        watch.Worker.Standing++;
        while (watch.Early.TryDequeue(out var early))
        {
            Forward(watch, early.Reply, early.Bytes);
        }

        watch.EarlyBytes = 0;
        if (watch.IsCancelled && watch.Worker.Watches.ContainsKey(watch.Number))
        {
            EndCancelled(watch);
        }
    }

    // The coordinator has answered with everything up to `Since`; what is later comes from here, and nothing twice.
    private void Forward(WorkerWatch watch, ObjectReply reply, long bytes)
    {
        if (reply.Revision <= watch.Since)
        {
            return;
        }

        var own = new ObjectReply { Number = watch.Number, Revision = reply.Revision };
        if (reply.Error is { } error)
        {
            own.Error = error;
            Remove(watch);
        }
        else
        {
            own.DictChanges = reply.DictChanges;
        }

        watch.Worker.Replies.Add(own, bytes);
        Dirty.Add(watch.Worker);
    }

    private void EndCancelled(WorkerWatch watch)
    {
        Remove(watch);
        var error = new ObjectError { Code = ObjectErrorCode.Cancelled, Message = "The request was cancelled while it waited." };
        watch.Worker.Replies.Add(new ObjectReply { Number = watch.Number, Revision = Told, Error = error }, error.CalculateSize());
        Dirty.Add(watch.Worker);
    }

    private void Remove(WorkerWatch watch)
    {
        var (worker, source) = (watch.Worker, watch.Source);
        worker.Watches.Remove(watch.Number);
        worker.Standing -= watch.Since is null ? 0 : 1;
        worker.Count();
        if (worker.Watches.Count == 0)
        {
            _fed.Remove(worker);
        }

        source.Fed.Remove(watch);
        if (source.Fed.Count == 0 && _byNumber.Remove(source.Number))
        {
            _byTarget.Remove(source.Target);
            Send(new ObjectRequest { Cancel = new ObjectCancel { Request = source.Number } });
        }
    }
}
