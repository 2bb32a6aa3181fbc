using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Locks;

/// <summary>A semaphore, bounded or not.</summary>
internal sealed class SemaphoreObject(ObjectContext context, ulong id, ObjectOpen created) : SharedObject(context, id, created)
{
    private readonly WaitLine _waiters = new();
    private readonly SortedDictionary<ulong, ulong> _held = [];
    private ulong _value = created.Semaphore.Value;
    private ulong _token;
    private bool _wasAbandoned;

    public override ulong Count => _value;

    public override IReadOnlyList<WaitLine> Lines => [_waiters];

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.SemaphoreAcquire => _value > 0 ? Take(call.Session, request.SemaphoreAcquire) : Context.Park(call, this, _waiters),
            Case.SemaphoreRelease => Release(call.Session, Math.Max(1, request.SemaphoreRelease.Count)),
            Case.SemaphoreStatus => new ObjectReply
            {
                SemaphoreState = new SemaphoreState { Value = _value, Held = (ulong)_held.Values.Sum(held => (long)held), Waiting = (ulong)_waiters.Count },
            },
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => new() { LockAcquired = new LockAcquired() };

    public override void OnSessionEnded(ObjectSession session)
    {
        if (_held.Remove(session.Id, out var held))
        {
            Context.NextRevision();
            _wasAbandoned = true;
            _value += held;
            Serve();
        }
    }

    public override void SaveState(ObjectRecord record) =>
        record.Semaphore = new SemaphoreStateRecord { Value = _value, Token = _token, Abandoned = _wasAbandoned };

    public override IEnumerable<ObjectsRecord> SaveParts() =>
        _held.Select(held => new ObjectsRecord { Permits = new PermitsRecord { Object = Id, Session = held.Key, Count = held.Value } });

    public override void RestoreState(ObjectRecord record)
    {
        _value = record.Semaphore.Value;
        _token = record.Semaphore.Token;
        _wasAbandoned = record.Semaphore.Abandoned;
    }

    public override void RestorePart(ObjectsRecord part)
    {
        _held.Add(part.Permits.Session, part.Permits.Count);
        Context.Sessions.Find(part.Permits.Session)!.Ties.Add(Id);
    }

    private ObjectReply Take(ObjectSession session, SemaphoreAcquire acquire)
    {
        Context.NextRevision();
        _value--;
        if (!acquire.Consume)
        {
            _held[session.Id] = _held.GetValueOrDefault(session.Id) + 1;
            session.Ties.Add(Id);
        }

        var acquired = new LockAcquired { Token = ++_token, WasAbandoned = _wasAbandoned, Depth = 1 };
        _wasAbandoned = false;
        return new ObjectReply { LockAcquired = acquired };
    }

    private ObjectReply Release(ObjectSession session, uint count)
    {
        var limit = Created.Semaphore.Bounded ? Created.Semaphore.Value : uint.MaxValue;
        if (_value + count > limit)
        {
            return Refuse.With(
                ObjectErrorCode.TooOften,
                $"{Title} has {_value} of at most {limit} permits free, and {count} were to be released: release once for each time that it was acquired.");
        }

        Context.NextRevision();
        _value += count;
        Forget(session.Id, count);
        Serve();
        return Answer.Done();
    }

    /// <summary>A permit may be released by another session than the one that took it: then one of the others has one less to lose.</summary>
    private void Forget(ulong releaser, ulong count)
    {
        foreach (var id in _held.Keys.OrderBy(id => id == releaser ? 0 : id).ToList())
        {
            var forgotten = Math.Min(count, _held[id]);
            count -= forgotten;
            if ((_held[id] -= forgotten) == 0)
            {
                _held.Remove(id);
                Context.Sessions.Find(id)?.Ties.Remove(Id);
            }

            if (count == 0)
            {
                break;
            }
        }
    }

    private void Serve()
    {
        while (_value > 0 && _waiters.First is { } waiter)
        {
            Context.Answer(waiter, Take(waiter.Session, waiter.Request.SemaphoreAcquire));
        }
    }
}
