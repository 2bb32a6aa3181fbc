using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>A dictionary, or a namespace: entries with versions, and watchers that are told of every change.</summary>
internal sealed class DictObject : SharedObject
{
    private readonly DictTable _table = new();
    private readonly DictHistory _history;
    private readonly List<DictWatcher> _watchers = [];
    private readonly DictReads _reads;

    public DictObject(ObjectContext context, ulong id, ObjectOpen created)
        : base(context, id, created)
    {
        _history = new DictHistory(context.Limits, context.Memory);
        _reads = new DictReads(this, context, _table, _history);
    }

    public override ulong Count => (ulong)_table.Count;

    public override int Watches => _watchers.Count;

    public override IReadOnlyList<WaitLine> Lines => [];

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.DictGet => _reads.Get(request.DictGet),
            Case.DictGetMany => _reads.GetMany(call),
            Case.DictContains => _reads.Contains(request.DictContains),
            Case.DictCount => Answer.Count(_table.Count),
            Case.DictItems => _reads.Items(call),
            Case.DictWatch => _reads.Watch(call),
            Case.DictSet => Set(request.DictSet),
            Case.DictSetMany => SetMany(request.DictSetMany),
            Case.DictTryAdd => TryAdd(request.DictTryAdd),
            Case.DictGetOrAdd => GetOrAdd(request.DictGetOrAdd),
            Case.DictCompareAndSet => CompareAndSet(request.DictCompareAndSet),
            Case.DictIncrement => Increment(request.DictIncrement),
            Case.DictRemove => Pop(request.DictRemove.Key) is var reply && reply.Error is null ? Answer.Flag(reply.DictEntry.Version != 0) : reply,
            Case.DictPop => Pop(request.DictPop.Key),
            Case.DictPopItem => PopItem(),
            Case.DictClear => Clear(),
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override long Growth(ObjectRequest request) => DictWeight.Growth(request, _table);

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => throw Unexpected("waiting");

    public override void OnDeleted()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Session.Watches.Remove(watcher.Number);
            Context.Send(watcher.Session, watcher.Number, Refuse.Deleted(this));
        }

        _watchers.Clear();
        _history.Clear();
        for (var node = _table.First; node is not null; node = node.Following)
        {
            Context.Dues.Remove(node);
        }
    }

    /// <summary>The time of an entry is over.</summary>
    public void Expire(DictNode node)
    {
        Take(node);
        Tell(new DictChange { Revision = Context.NextRevision(), Kind = DictChangeKind.Expired, Key = node.Key.Payload });
    }

    /// <summary>Someone is told of all changes from now on.</summary>
    public void AddWatcher(DictWatcher watcher)
    {
        watcher.Owner = this;
        _watchers.Add(watcher);
    }

    /// <summary>A watcher is told no more.</summary>
    public void RemoveWatcher(DictWatcher watcher) => _watchers.Remove(watcher);

    public override void SaveState(ObjectRecord record) => record.Dict = new DictState { Floor = _history.Floor };

    public override IEnumerable<ObjectsRecord> SaveParts()
    {
        for (var node = _table.First; node is not null; node = node.Following)
        {
            var entry = new DictEntry { Key = node.Key.Payload, Value = node.Value, Version = node.Version };
            yield return new ObjectsRecord { Entry = new DictEntryRecord { Object = Id, Entry = entry, Expiry = node.Save() } };
        }

        foreach (var change in _history.Changes)
        {
            yield return new ObjectsRecord { Change = new DictChangeRecord { Object = Id, Change = change } };
        }

        foreach (var watcher in _watchers.Where(static watcher => !watcher.Session.IsReader))
        {
            yield return new ObjectsRecord { Watcher = new DictWatcherRecord { Object = Id, Session = watcher.Session.Id, Number = watcher.Number } };
        }
    }

    public override void RestoreState(ObjectRecord record) => _history.Floor = record.Dict.Floor;

    public override void RestorePart(ObjectsRecord part)
    {
        switch (part.RecordCase)
        {
            case ObjectsRecord.RecordOneofCase.Entry:
                var node = new DictNode(this, new DictKey(part.Entry.Entry.Key)) { Value = part.Entry.Entry.Value, Version = part.Entry.Entry.Version };
                _table.Add(node);
                Charge(DictWeight.Of(node));
                Context.Dues.Restore(node, part.Entry.Expiry);
                break;
            case ObjectsRecord.RecordOneofCase.Change:
                _history.Add(part.Change.Change);
                break;
            case ObjectsRecord.RecordOneofCase.Watcher:
                var watcher = new DictWatcher(Context.Sessions.Find(part.Watcher.Session)!, part.Watcher.Number);
                watcher.Session.Watches.Add(watcher.Number, watcher);
                AddWatcher(watcher);
                break;
            default:
                base.RestorePart(part);
                break;
        }
    }

    private ObjectReply? CheckWrite(Payload? key, Payload? value, Duration? timeToLive) => DictChecks.Write(key, value, timeToLive, Context.Limits);

    private ObjectReply Set(DictSet set)
    {
        if (CheckWrite(set.Key, set.Value, set.TimeToLive) is { } refusal)
        {
            return refusal;
        }

        var key = new DictKey(set.Key);
        Write(_table.Find(key), key, set.Value, set.TimeToLive);
        return Answer.Done();
    }

    private ObjectReply SetMany(DictSetMany set)
    {
        var bytes = 0L;
        foreach (var entry in set.Entries)
        {
            if (CheckWrite(entry.Key, entry.Value, set.TimeToLive) is { } refusal)
            {
                return refusal;
            }

            bytes += Values.Size(entry.Key) + Values.Size(entry.Value) + 16;
        }

        if (bytes > Context.Limits.BatchBytes)
        {
            return Refuse.TooLarge("Bytes of the entries that were to be set together", nameof(ObjectLimits.BatchBytes), Context.Limits.BatchBytes, bytes);
        }

        if (set.Entries.Count == 0)
        {
            return Answer.Done();
        }

        var revision = Context.NextRevision();
        var changes = new DictChanges();
        foreach (var entry in set.Entries)
        {
            var key = new DictKey(entry.Key);
            changes.Changes.Add(Put(_table.Find(key), key, entry.Value, set.TimeToLive, revision));
        }

        Tell(changes);
        return Answer.Done();
    }

    private ObjectReply TryAdd(DictTryAdd add)
    {
        if (CheckWrite(add.Key, add.Value, add.TimeToLive) is { } refusal)
        {
            return refusal;
        }

        var key = new DictKey(add.Key);
        if (_table.Find(key) is not null)
        {
            return Answer.Flag(false);
        }

        Write(null, key, add.Value, add.TimeToLive);
        return Answer.Flag(true);
    }

    private ObjectReply GetOrAdd(DictGetOrAdd add)
    {
        if (CheckWrite(add.Key, add.Value, add.TimeToLive) is { } refusal)
        {
            return refusal;
        }

        var key = new DictKey(add.Key);
        var node = _table.Find(key);
        var added = node is null;
        node ??= Write(null, key, add.Value, add.TimeToLive);
        return new ObjectReply { DictGetOrAdd = new DictGetOrAddResult { Added = added, Entry = new DictEntry { Value = node.Value, Version = node.Version } } };
    }

    private ObjectReply CompareAndSet(DictCompareAndSet set)
    {
        var refusal = Values.Check(set.Key, "key", Context.Limits)
            ?? (set.Value is null ? null : Values.Check(set.Value, "value", Context.Limits)) ?? DictChecks.Life(set.TimeToLive);
        if (refusal is not null)
        {
            return refusal;
        }

        var key = new DictKey(set.Key);
        var node = _table.Find(key);
        if ((node?.Version ?? 0) != set.Version)
        {
            return new ObjectReply { DictCompareAndSet = new DictCompareAndSetResult { Current = DictReads.Describe(node) } };
        }

        if (set.Value is not null)
        {
            Write(node, key, set.Value, set.TimeToLive);
        }
        else if (node is not null)
        {
            Remove(node);
        }

        return new ObjectReply { DictCompareAndSet = new DictCompareAndSetResult { Done = true } };
    }

    private ObjectReply Increment(DictIncrement increment)
    {
        if (Values.Check(increment.Key, "key", Context.Limits) is { } refusal)
        {
            return refusal;
        }

        var key = new DictKey(increment.Key);
        var node = _table.Find(key);
        var reply = DictNumber.Add(node?.Value, increment);
        if (reply.Error is null)
        {
            node ??= Insert(key);
            var revision = Context.NextRevision();
            Assign(node, reply.Value, revision);
            Tell(new DictChange { Revision = revision, Kind = DictChangeKind.Set, Key = node.Key.Payload, Value = reply.Value });
        }

        return reply;
    }

    private ObjectReply Pop(Payload? payload)
    {
        if (Values.Check(payload, "key", Context.Limits) is { } refusal)
        {
            return refusal;
        }

        var node = _table.Find(new DictKey(payload!));
        if (node is not null)
        {
            Remove(node);
        }

        return new ObjectReply { DictEntry = DictReads.Describe(node) };
    }

    private ObjectReply PopItem()
    {
        var node = _table.Last;
        var entry = DictReads.Describe(node);
        if (node is not null)
        {
            entry.Key = node.Key.Payload;
            Remove(node);
        }

        return new ObjectReply { DictEntry = entry };
    }

    private ObjectReply Clear()
    {
        var count = _table.Count;
        if (count > 0)
        {
            for (var node = _table.First; node is not null; node = node.Following)
            {
                Context.Dues.Remove(node);
                Charge(-DictWeight.Of(node));
            }

            _table.Clear();
            Tell(new DictChange { Revision = Context.NextRevision(), Kind = DictChangeKind.Cleared });
        }

        return Answer.Count(count);
    }

    private DictNode Insert(DictKey key)
    {
        var node = new DictNode(this, key);
        _table.Add(node);
        Charge(DictWeight.Of(node));
        return node;
    }

    private void Assign(DictNode node, Payload value, ulong revision)
    {
        Charge(Weight.Of(value) - Weight.Of(node.Value));
        (node.Value, node.Version) = (value, revision);
    }

    private void Take(DictNode node)
    {
        Charge(-DictWeight.Of(node));
        _table.Remove(node);
    }

    private DictNode Write(DictNode? node, DictKey key, Payload value, Duration? timeToLive)
    {
        node ??= Insert(key);
        Tell(Put(node, key, value, timeToLive, Context.NextRevision()));
        return node;
    }

    private DictChange Put(DictNode? node, DictKey key, Payload value, Duration? timeToLive, ulong revision)
    {
        node ??= Insert(key);
        Assign(node, value, revision);
        if (timeToLive is not null)
        {
            Context.Dues.Set(node, Context.Now, timeToLive.ToTimeSpan());
        }
        else if (node.IsSet)
        {
            Context.Dues.Remove(node);
        }

        return new DictChange { Revision = revision, Kind = DictChangeKind.Set, Key = node.Key.Payload, Value = value };
    }

    private void Remove(DictNode node)
    {
        Context.Dues.Remove(node);
        Take(node);
        Tell(new DictChange { Revision = Context.NextRevision(), Kind = DictChangeKind.Removed, Key = node.Key.Payload });
    }

    private void Tell(DictChange change)
    {
        _history.Add(change);
        if (_watchers.Count > 0)
        {
            var changes = new DictChanges();
            changes.Changes.Add(change);
            Send(changes);
        }
    }

    private void Tell(DictChanges changes)
    {
        foreach (var change in changes.Changes)
        {
            _history.Add(change);
        }

        Send(changes);
    }

    private void Send(DictChanges changes)
    {
        foreach (var watcher in _watchers)
        {
            Context.Send(watcher.Session, watcher.Number, new ObjectReply { DictChanges = changes });
        }
    }
}
