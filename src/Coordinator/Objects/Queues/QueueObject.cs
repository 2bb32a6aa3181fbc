using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Queues;

/// <summary>A queue: first in, first out, for items and for those who wait.</summary>
internal sealed class QueueObject(ObjectContext context, ulong id, ObjectOpen created) : SharedObject(context, id, created)
{
    private readonly Deque<QueueEntry> _items = new();
    private readonly LeaseTable _leases = new();
    private readonly WaitLine _putters = new();
    private readonly WaitLine _getters = new();
    private readonly WaitLine _joiners = new();
    private ulong _lastItem;
    private ulong _unfinished;
    private bool _isShutDown;

    public override ulong Count => (ulong)_items.Count;

    public override IReadOnlyList<WaitLine> Lines => [_putters, _getters, _joiners];

    private uint Capacity => Created.Queue.Capacity;

    private bool HasRoom => Capacity == 0 || _items.Count < Capacity;

    // An item that is lent may come back, and whoever waits may have it then.
    private bool IsDrained => _isShutDown && _items.Count == 0 && _leases.Count == 0;

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.QueuePut => Values.Check(request.QueuePut.Values, Context.Limits) ?? Put(call),
            Case.QueueGet => Get(call),
            Case.QueueAcknowledge => Acknowledge(call.Session, request.QueueAcknowledge.Leases),
            Case.QueueReturn => Return(call.Session, request.QueueReturn.Leases),
            Case.QueueStatus => Status(),
            Case.QueueTaskDone => TaskDone(request.QueueTaskDone.Count),
            Case.QueueJoin => _unfinished == 0 ? Answer.Flag(true) : Context.Park(call, this, _joiners),
            Case.QueueShutdown => Shutdown(request.QueueShutdown.Immediate),
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => request.OperationCase switch
    {
        Case.QueueJoin => Answer.Flag(false),
        Case.QueueGet => Refuse.With(ObjectErrorCode.Empty, $"{Title} had nothing in time."),
        _ => Refused(ObjectErrorCode.Full, $"{Title} had no room in time: it holds {Capacity} items.", progress),
    };

    public override void OnSessionEnded(ObjectSession session)
    {
        TakeBack(_leases.Remove(_leases.Of(session), session, Id));
    }

    public override long Growth(ObjectRequest request) => request.OperationCase == Case.QueuePut ? request.QueuePut.Values.Sum(Weigh) : 0;

    public override void SaveState(ObjectRecord record) =>
        record.Queue = new QueueStateRecord { LastItem = _lastItem, Unfinished = _unfinished, ShutDown = _isShutDown };

    public override IEnumerable<ObjectsRecord> SaveParts() =>
        _items.Items.Select(entry => Record(entry, 0)).Concat(_leases.InOrder.Select(lease => Record(lease.Entry, lease.Session.Id)));

    public override void RestoreState(ObjectRecord record)
    {
        _lastItem = record.Queue.LastItem;
        _unfinished = record.Queue.Unfinished;
        _isShutDown = record.Queue.ShutDown;
    }

    public override void RestorePart(ObjectsRecord part)
    {
        var entry = new QueueEntry(part.Item.Id, part.Item.Value, part.Item.Deliveries);
        Charge(Weigh(entry.Value));
        if (part.Item.LeasedTo == 0)
        {
            _items.Add(entry);
        }
        else
        {
            _leases.Add(entry, Context.Sessions.Find(part.Item.LeasedTo)!, Id);
        }
    }

    // With room for its lease.
    private static long Weigh(Payload value) => (4 * Weight.Slot) + Weight.Of(value);

    private ObjectsRecord Record(QueueEntry entry, ulong session) =>
        new() { Item = new ItemRecord { Object = Id, Id = entry.Id, Value = entry.Value, Deliveries = entry.Deliveries, LeasedTo = session } };

    private ObjectReply? Put(in Call call)
    {
        var values = call.Request.QueuePut.Values;
        if (_isShutDown)
        {
            return ShutDown(0);
        }

        var accepted = 0;
        if (_putters.Count == 0)
        {
            // Whoever waits for items makes room for the next ones.
            do
            {
                while (accepted < values.Count && HasRoom)
                {
                    Add(values[accepted++]);
                }

                Serve();
            }
            while (accepted < values.Count && HasRoom);
        }

        return accepted == values.Count ? Answer.Count(accepted) : Context.Park(call, this, _putters, (uint)accepted);
    }

    private void Add(Payload value)
    {
        Context.NextRevision();
        _items.Add(new QueueEntry(++_lastItem, value, 0));
        Charge(Weigh(value));
        _unfinished++;
    }

    private ObjectReply? Get(in Call call)
    {
        if (_items.Count > 0)
        {
            var items = Take(call.Session, call.Request.QueueGet);
            Serve();
            return items;
        }

        return IsDrained ? ShutDown(0) : Context.Park(call, this, _getters);
    }

    private ObjectReply Take(ObjectSession session, QueueGet get)
    {
        Context.NextRevision();
        var items = new QueueItems();
        var bytes = 0;
        // As many as one message holds, whatever the taker says.
        for (var wanted = Math.Max(1, get.Max); wanted > 0 && bytes < Context.Limits.PageBytes && _items.TryTake(out var entry); wanted--)
        {
            bytes += Values.Size(entry.Value);
            entry = entry with { Deliveries = entry.Deliveries + 1 };
            items.Items.Add(new QueueItem { Value = entry.Value, Lease = get.Leased ? entry.Id : 0, Deliveries = entry.Deliveries });
            if (get.Leased)
            {
                _leases.Add(entry, session, Id);
            }
            else
            {
                Charge(-Weigh(entry.Value));
            }
        }

        return new ObjectReply { QueueItems = items };
    }

    /// <summary>Lets those who wait have their turn, until nobody can go on.</summary>
    private void Serve()
    {
        while (true)
        {
            if (_getters.First is { } getter && _items.Count > 0)
            {
                Context.Answer(getter, Take(getter.Session, getter.Request.QueueGet));
            }
            else if (_putters.First is { } putter && HasRoom)
            {
                var values = putter.Request.QueuePut.Values;
                Add(values[(int)putter.Progress++]);
                if (putter.Progress == values.Count)
                {
                    Context.Answer(putter, Answer.Count(values.Count));
                }
            }
            else
            {
                break;
            }
        }

        while (IsDrained && _getters.First is { } late)
        {
            Context.Answer(late, ShutDown(0));
        }
    }

    private ObjectReply Acknowledge(ObjectSession session, IEnumerable<ulong> leases)
    {
        var entries = _leases.Remove(leases, session, Id);
        var done = entries.Count;
        if (done > 0)
        {
            Charge(-entries.Sum(static entry => Weigh(entry.Value)));
            Context.NextRevision();
            Finish((ulong)done);
            Serve();
        }

        return Answer.Count(done);
    }

    private ObjectReply Return(ObjectSession session, IEnumerable<ulong> leases)
    {
        var returned = _leases.Remove(leases, session, Id);
        TakeBack(returned);
        return Answer.Count(returned.Count);
    }

    private void TakeBack(List<QueueEntry> entries)
    {
        if (entries.Count > 0)
        {
            Context.NextRevision();
            foreach (var entry in entries.OrderByDescending(entry => entry.Id))
            {
                _items.AddFirst(entry);
            }

            Serve();
        }
    }

    private ObjectReply TaskDone(uint count)
    {
        count = Math.Max(1, count);
        if (count > _unfinished)
        {
            return Refuse.With(
                ObjectErrorCode.TooOften, $"{count} tasks of {Title} were said to be done, and {_unfinished} of those that were put are not: say it once for each item that was taken.");
        }

        Context.NextRevision();
        Finish(count);
        return Answer.Done();
    }

    private void Finish(ulong count)
    {
        _unfinished -= Math.Min(count, _unfinished);
        while (_unfinished == 0 && _joiners.First is { } joiner)
        {
            Context.Answer(joiner, Answer.Flag(true));
        }
    }

    private ObjectReply Shutdown(bool immediate)
    {
        Context.NextRevision();
        _isShutDown = true;
        while (_putters.First is { } putter)
        {
            Context.Answer(putter, ShutDown(putter.Progress));
        }

        if (immediate && _items.Count > 0)
        {
            var dropped = (ulong)_items.Count;
            Charge(-_items.Items.Sum(static entry => Weigh(entry.Value)));
            _items.Clear();
            Finish(dropped);
        }

        Serve();
        return Answer.Done();
    }

    private ObjectReply Status() => new()
    {
        QueueState = new QueueState
        {
            Count = (ulong)_items.Count,
            Unfinished = _unfinished,
            Leased = (ulong)_leases.Count,
            Capacity = Capacity,
            ShutDown = _isShutDown,
        },
    };

    private ObjectReply ShutDown(uint accepted) =>
        Refused(ObjectErrorCode.ShutDown, $"{Title} was shut down: it takes no items any more, and gives only those that it has.", accepted);

    private static ObjectReply Refused(ObjectErrorCode code, string message, uint accepted)
    {
        var reply = Refuse.With(code, message);
        reply.Error.Accepted = accepted;
        return reply;
    }
}
