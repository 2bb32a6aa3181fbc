using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects;

/// <summary>An object that sessions share: a deterministic state machine for one kind.</summary>
/// <param name="context">What it shares with the others.</param>
/// <param name="id">Its id.</param>
/// <param name="created">How it was created, without its content.</param>
internal abstract class SharedObject(ObjectContext context, ulong id, ObjectOpen created)
{
    private long _bytes;

    public ulong Id { get; } = id;

    public ObjectOpen Created { get; } = created;

    public ObjectKind Kind => Created.Kind;

    public string Name => Created.Name;

    public bool IsAnonymous => Created.Name.Length == 0;

    /// <summary>For messages.</summary>
    public string Title => IsAnonymous ? $"Object {Id}" : $"'{Name}'";

    /// <summary>The revision that created it.</summary>
    public ulong Revision { get; init; }

    /// <summary>How many references to it there are.</summary>
    public ulong References { get; set; }

    /// <summary>For lists of objects: how much is in it.</summary>
    public abstract ulong Count { get; }

    /// <summary>How many watches are told of its changes.</summary>
    public virtual int Watches => 0;

    /// <summary>The lines in which requests wait.</summary>
    public abstract IReadOnlyList<WaitLine> Lines { get; }

    protected ObjectContext Context { get; } = context;

    /// <summary>How much more memory a request may need: an estimate from above, exact where something is replaced. Only asked for changes.</summary>
    public virtual long Growth(ObjectRequest request) => 0;

    /// <summary>It is there now, and is counted.</summary>
    public void ChargeObject() => Charge(Weight.Object + Created.CalculateSize());

    /// <summary>It is gone, and its memory too.</summary>
    public void Discharge() => Charge(-_bytes);

    /// <summary>Executes a request that suits its kind.</summary>
    /// <returns>The reply; null: it comes later.</returns>
    public abstract ObjectReply? Handle(in Call call);

    /// <summary>What a request is answered with when its time is up.</summary>
    public abstract ObjectReply TimedOutReply(ObjectRequest request, uint progress);

    /// <summary>The time of a request that waits is up.</summary>
    public virtual void OnTimeout(Waiter waiter) => Context.Answer(waiter, TimedOutReply(waiter.Request, waiter.Progress));

    /// <summary>The caller of a request that waits gave up.</summary>
    public virtual void OnCancel(Waiter waiter) => Context.Answer(waiter, Refuse.Cancelled(waiter.Accepted));

    /// <summary>The session of a request that waits has ended.</summary>
    public virtual void OnLost(Waiter waiter) => Context.Drop(waiter);

    /// <summary>A session that holds something here (<see cref="ObjectSession.Ties"/>) has ended.</summary>
    public virtual void OnSessionEnded(ObjectSession session)
    {
    }

    /// <summary>The object is gone.</summary>
    public virtual void OnDeleted()
    {
        foreach (var line in Lines)
        {
            while (line.First is { } waiter)
            {
                Context.Answer(waiter, Refuse.Deleted(this, waiter.Accepted));
            }
        }
    }

    /// <summary>Writes down what fits into one record …</summary>
    public abstract void SaveState(ObjectRecord record);

    /// <summary>… and the rest, one record for each part, without those who wait.</summary>
    public virtual IEnumerable<ObjectsRecord> SaveParts() => [];

    /// <summary>Reads what <see cref="SaveState"/> wrote into an object that was just created …</summary>
    public abstract void RestoreState(ObjectRecord record);

    /// <summary>… and a part, in the same order.</summary>
    public virtual void RestorePart(ObjectsRecord part) => throw Unexpected(part.RecordCase.ToString());

    /// <summary>It has more now, or less.</summary>
    protected void Charge(long bytes)
    {
        _bytes += bytes;
        Context.Memory.Used += bytes;
    }

    /// <summary>For what the table of operations rules out.</summary>
    protected InvalidOperationException Unexpected(string what) => new($"A {Kind.Word()} has nothing to do with {what}.");
}
