using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects;

/// <summary>What all objects share: the time, the revisions, the sessions and those who wait.</summary>
internal sealed class ObjectContext
{
    public ObjectContext(ObjectLimits limits)
    {
        Limits = limits;
        Sessions = new SessionTable(Memory);
    }

    public ObjectLimits Limits { get; }

    public SessionTable Sessions { get; }

    public ObjectTable Objects { get; } = new();

    public DueQueue Dues { get; } = new();

    public ObjectMemory Memory { get; } = new();

    /// <summary>When what is happening happens: the time of the entry, or the earlier one at which something was due.</summary>
    public long Now { get; set; }

    /// <summary>The latest revision.</summary>
    public ulong Revision { get; set; }

    /// <summary>Where replies go.</summary>
    public ObjectOutput Output { get; set; } = new();

    /// <summary>Something changes.</summary>
    public ulong NextRevision() => ++Revision;

    /// <summary>
    /// Has a request wait, or answers it at once if it cannot.
    /// </summary>
    /// <returns>Null: it waits.</returns>
    public ObjectReply? Park(in Call call, SharedObject target, WaitLine line, uint progress = 0)
    {
        if (call.IsImmediate)
        {
            return target.TimedOutReply(call.Request, progress);
        }

        if (RefuseWaiter(call) is { } refusal)
        {
            refusal.Error.Accepted = progress;
            return refusal;
        }

        Enter(call, target, line).Progress = progress;
        return null;
    }

    /// <summary>Null if the session may have one more request wait.</summary>
    public ObjectReply? RefuseWaiter(in Call call)
    {
        // Reads are not written down: what a change is answered with must not depend on them.
        var waiting = call.Effect == OperationEffect.Change ? call.Session.WaitingChanges : call.Session.Waiting.Count - call.Session.WaitingChanges;
        return waiting < Limits.Waiters ? null : Refuse.TooLarge("Requests of the session that wait", nameof(ObjectLimits.Waiters), Limits.Waiters, waiting + 1);
    }

    /// <summary>Null if there is room for a change that needs more memory, or for one that needs none.</summary>
    public ObjectReply? RefuseGrowth(long growth) => Memory.HasRoomFor(growth) ? null : Refuse.NoMemory(Memory.Limit, Memory.Used + growth);

    /// <summary>Null if the session may have one more watch.</summary>
    public ObjectReply? RefuseWatch(in Call call) => call.Request.DictWatch.Once || call.Session.Watches.Count < Limits.Waiters
        ? null
        : Refuse.TooLarge("Watches of the session", nameof(ObjectLimits.Waiters), Limits.Waiters, call.Session.Watches.Count + 1);

    /// <summary>Has a request wait, whatever its timeout says.</summary>
    public Waiter Enter(in Call call, SharedObject target, WaitLine line)
    {
        var waiter = new Waiter(call.Session, call.Request, target);
        call.Session.AddWaiter(waiter);
        line.Add(waiter);
        if (call.Timeout is { } timeout)
        {
            Dues.Set(waiter, Now, timeout);
        }

        return waiter;
    }

    /// <summary>Answers a request that waited.</summary>
    public void Answer(Waiter waiter, ObjectReply reply)
    {
        Drop(waiter);
        Answer(waiter.Session, waiter.Request, waiter.Effect, reply);
    }

    /// <summary>Forgets a request that waited.</summary>
    public void Drop(Waiter waiter)
    {
        waiter.Line?.Remove(waiter);
        Dues.Remove(waiter);
        waiter.Session.RemoveWaiter(waiter);
    }

    /// <summary>Answers a request for good.</summary>
    public void Answer(ObjectSession session, ObjectRequest request, OperationEffect effect, ObjectReply reply)
    {
        Send(session, request.Number, reply);
        if (effect == OperationEffect.Change)
        {
            session.Replies.Keep(reply);
        }
    }

    /// <summary>Sends a reply, and maybe others later.</summary>
    public void Send(ObjectSession session, ulong number, ObjectReply reply)
    {
        reply.Number = number;
        reply.Revision = Revision;
        if (session.IsConnected)
        {
            Output.Add(session.Id, reply);
        }
    }

    /// <summary>Counts a reference less, and ends an anonymous object that has none any more.</summary>
    public void Unreference(SharedObject target, ulong references)
    {
        target.References -= references;
        if (target.References == 0 && target.IsAnonymous)
        {
            Destroy(target);
        }
    }

    /// <summary>Ends an object; whoever waits for it is told.</summary>
    public void Destroy(SharedObject target)
    {
        NextRevision();
        Objects.Remove(target);
        target.OnDeleted();
        target.Discharge();
    }
}
