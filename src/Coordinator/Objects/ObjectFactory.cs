using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Objects.Cells;
using Cluster.Coordinator.Objects.Dictionaries;
using Cluster.Coordinator.Objects.Lists;
using Cluster.Coordinator.Objects.Locks;
using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Pipes;
using Cluster.Coordinator.Objects.Queues;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;
using Options = Cluster.Protocol.V1.ObjectOpen.OptionsOneofCase;

namespace Cluster.Coordinator.Objects;

/// <summary>Makes objects.</summary>
internal static class ObjectFactory
{
    /// <summary>Null if the object can be made; else why not.</summary>
    public static ObjectReply? Check(ObjectOpen open, ObjectContext context)
    {
        if (open.Kind is <= ObjectKind.Unspecified or > ObjectKind.Barrier)
        {
            return Refuse.Invalid($"The kind {(int)open.Kind} is none that this coordinator can make.");
        }

        if (open.OptionsCase != Options.None && open.OptionsCase != OptionsOf(open.Kind))
        {
            return Refuse.Invalid($"A {open.Kind.Word()} takes no {open.OptionsCase} options.");
        }

        if (context.Objects.Count >= context.Limits.Objects)
        {
            return Refuse.TooLarge("Shared objects", nameof(ObjectLimits.Objects), context.Limits.Objects, context.Objects.Count + 1);
        }

        var refusal = open.Kind switch
        {
            ObjectKind.Value or ObjectKind.Array => CellChecks.Check(open, context.Limits),
            ObjectKind.Condition => CheckLock(open.Condition?.Lock ?? 0, context),
            ObjectKind.Barrier when open.Barrier is not { Parties: > 0 } =>
                Refuse.Invalid("A barrier needs at least 1 party (`barrier.parties`): one for nobody would never open."),
            ObjectKind.Barrier when !WireDuration.TryRead(open.Barrier.Timeout, out _) => Refuse.Invalid($"The barrier's timeout has to be {WireDuration.Rule}."),
            _ => null,
        };
        return refusal ?? context.RefuseGrowth(Weight.Object + open.CalculateSize() + (open.Kind is ObjectKind.Value or ObjectKind.Array ? CellChecks.Weigh(open) : 0));
    }

    /// <summary>Makes an object that was checked.</summary>
    public static SharedObject Create(ObjectOpen open, ObjectContext context)
    {
        var created = open.Clone();
        if (created.Kind == ObjectKind.Condition && created.Condition is not { Lock: > 0 })
        {
            // A lock of its own, with a reference by nobody but the condition.
            var own = Create(new ObjectOpen { Kind = ObjectKind.Rlock }, context);
            created.Condition = new ConditionOptions { Lock = own.Id };
        }

        var target = Make(context, ++context.Objects.Last, context.NextRevision(), created);
        if (target is CellsObject cells)
        {
            cells.Fill(created.Cells.Initial);
            created.Cells.Initial.Clear();
        }

        context.Objects.Add(target);
        foreach (var watcher in context.Objects.TakeAwaiting(target.Name))
        {
            AbsentWatch.End(watcher, target, context);
        }

        return target;
    }

    /// <summary>An object without content, as it is when it was just created or is about to be restored.</summary>
    public static SharedObject Make(ObjectContext context, ulong id, ulong revision, ObjectOpen created)
    {
        Complete(created);
        return created.Kind switch
        {
            ObjectKind.Dictionary or ObjectKind.Namespace => new DictObject(context, id, created) { Revision = revision },
            ObjectKind.List => new ListObject(context, id, created) { Revision = revision },
            ObjectKind.Queue => new QueueObject(context, id, created) { Revision = revision },
            ObjectKind.Pipe => new PipeObject(context, id, created) { Revision = revision },
            ObjectKind.Value or ObjectKind.Array => new CellsObject(context, id, created) { Revision = revision },
            ObjectKind.Lock or ObjectKind.Rlock => new LockObject(context, id, created) { Revision = revision },
            ObjectKind.Semaphore => new SemaphoreObject(context, id, created) { Revision = revision },
            ObjectKind.Event => new EventObject(context, id, created) { Revision = revision },
            ObjectKind.Condition => new ConditionObject(context, id, created) { Revision = revision },
            ObjectKind.Barrier => new BarrierObject(context, id, created) { Revision = revision },
            _ => throw new ArgumentException($"There are no objects of the kind {created.Kind}.", nameof(created)),
        };
    }

    /// <summary>Tells how an object was created.</summary>
    public static void CopyOptions(ObjectOpen created, ObjectOpened opened)
    {
        switch (created.OptionsCase)
        {
            case Options.Queue:
                opened.Queue = created.Queue;
                break;
            case Options.Pipe:
                opened.Pipe = created.Pipe;
                break;
            case Options.Cells:
                opened.Cells = created.Cells;
                break;
            case Options.Semaphore:
                opened.Semaphore = created.Semaphore;
                break;
            case Options.Condition:
                opened.Condition = created.Condition;
                break;
            case Options.Barrier:
                opened.Barrier = created.Barrier;
                break;
        }
    }

    private static void Complete(ObjectOpen created)
    {
        created.Mode = OpenMode.Unspecified;
        switch (OptionsOf(created.Kind))
        {
            case Options.Queue:
                created.Queue ??= new QueueOptions();
                break;
            case Options.Pipe:
                created.Pipe ??= new PipeOptions();
                break;
            case Options.Cells:
                created.Cells ??= new CellOptions();
                created.Cells.Length = created.Kind == ObjectKind.Value ? 1 : created.Cells.Length;
                break;
            case Options.Semaphore:
                created.Semaphore ??= new SemaphoreOptions();
                created.Semaphore.Value = created.Semaphore.HasValue ? created.Semaphore.Value : 1;
                break;
        }
    }

    private static ObjectReply? CheckLock(ulong id, ObjectContext context) => id == 0
        ? null
        : context.Objects.Find(id) switch
        {
            null => Refuse.Unknown(id, id <= context.Objects.Last),
            LockObject => null,
            var other => Refuse.With(ObjectErrorCode.WrongKind, $"A condition is built on a lock; {other.Title} is a {other.Kind.Word()}."),
        };

    private static Options OptionsOf(ObjectKind kind) => kind switch
    {
        ObjectKind.Queue => Options.Queue,
        ObjectKind.Pipe => Options.Pipe,
        ObjectKind.Value or ObjectKind.Array => Options.Cells,
        ObjectKind.Semaphore => Options.Semaphore,
        ObjectKind.Condition => Options.Condition,
        ObjectKind.Barrier => Options.Barrier,
        _ => Options.None,
    };
}
