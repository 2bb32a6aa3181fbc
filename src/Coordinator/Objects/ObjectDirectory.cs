using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;
using Code = Cluster.Protocol.V1.ObjectErrorCode;

namespace Cluster.Coordinator.Objects;

/// <summary>The operations that are about objects as such: their names, their lives and their requests.</summary>
internal sealed class ObjectDirectory(ObjectContext context)
{
    private const int MinKeyLength = 16;
    private const int MaxKeyLength = 64;

    public ObjectReply? Handle(in Call call) => call.Request.OperationCase switch
    {
        Case.Open => Open(call.Session, call.Request.Open),
        Case.Attach => Attach(call.Session, call.Request),
        Case.Release => Release(call.Session, call.Request.Object),
        Case.Delete => Delete(call.Request),
        Case.ListObjects => List(call),
        Case.Cancel => Cancel(call.Session, call.Request.Cancel.Request),
        _ => throw new InvalidOperationException($"{call.Request.OperationCase} is for an object."),
    };

    private ObjectReply Open(ObjectSession session, ObjectOpen open)
    {
        if (open.Name.Length > context.Limits.NameLength)
        {
            return Refuse.TooLarge("Characters in the name", nameof(ObjectLimits.NameLength), context.Limits.NameLength, open.Name.Length);
        }

        if (open.Key.Length > 0 && (open.Name.Length > 0 || open.Key.Length is < MinKeyLength or > MaxKeyLength))
        {
            return Refuse.Invalid($"A key is for an object without a name, and has {MinKeyLength} to {MaxKeyLength} characters.");
        }

        var found = open.Key.Length > 0 ? context.Objects.FindKey(open.Key) : open.Name.Length > 0 ? context.Objects.Find(open.Name) : null;
        if (found is not null)
        {
            return Mismatch(found, open) ?? Opened(session, found, created: false);
        }

        if (open.Mode == OpenMode.Find)
        {
            return Refuse.With(Code.NotFound, open.Key.Length > 0
                ? "The object is gone: nobody has it any more. Keep it, or give it a name, for as long as tasks use it."
                : open.Name.Length == 0
                ? "An anonymous object cannot be found by its name: attach to its id."
                : $"There is no object '{open.Name}', and the caller did not ask for it to be created.");
        }

        if (ObjectFactory.Check(open, context) is { } refusal)
        {
            return refusal;
        }

        return Opened(session, ObjectFactory.Create(open, context), created: true);
    }

    private static ObjectReply? Mismatch(SharedObject found, ObjectOpen open)
    {
        if (found.Kind != open.Kind)
        {
            return Refuse.With(Code.WrongKind, $"{found.Title} is a {found.Kind.Word()}, and was opened as a {open.Kind.Word()}. Use another name, or delete it first.");
        }

        var here = found.Created;
        if (Differ(here.ValueType, open.ValueType) || Differ(here.KeyType, open.KeyType))
        {
            return Refuse.With(
                Code.WrongType,
                $"{found.Title} is a {found.Kind.Word()} of {Types(here)}, and was opened as one of {Types(open)}. Use another name, or delete it first.");
        }

        return open.Mode == OpenMode.Create
            ? Refuse.With(Code.AlreadyExists, $"There is a {found.Kind.Word()} {found.Title} already, and the caller asked for a new one.")
            : null;

        static bool Differ(string one, string other) => one.Length > 0 && other.Length > 0 && one != other;

        static string Types(ObjectOpen open) => open.KeyType.Length > 0 ? $"{open.KeyType} to {open.ValueType}" : open.ValueType;
    }

    private ObjectReply Attach(ObjectSession session, ObjectRequest request)
    {
        if (context.Objects.Find(request.Object) is not { } target)
        {
            return Unknown(request.Object);
        }

        return request.Attach.Kind != ObjectKind.Unspecified && request.Attach.Kind != target.Kind
            ? Refuse.With(Code.WrongKind, $"{target.Title} is a {target.Kind.Word()}, and was attached to as a {request.Attach.Kind.Word()}.")
            : Opened(session, target, created: false);
    }

    private ObjectReply Opened(ObjectSession session, SharedObject target, bool created)
    {
        context.NextRevision();
        session.References[target.Id] = session.References.GetValueOrDefault(target.Id) + 1;
        target.References++;
        var opened = new ObjectOpened { Object = target.Id, Created = created, Kind = target.Kind, Name = target.Name };
        ObjectFactory.CopyOptions(target.Created, opened);
        return new ObjectReply { Opened = opened };
    }

    private ObjectReply Release(ObjectSession session, ulong id)
    {
        if (context.Objects.Find(id) is not { } target)
        {
            return Unknown(id);
        }

        if (!session.References.TryGetValue(id, out var references))
        {
            return Refuse.With(Code.TooOften, $"The session has no reference to {target.Title}: each `open` and `attach` gives it one, each `release` takes one.");
        }

        context.NextRevision();
        if (references == 1)
        {
            session.References.Remove(id);
        }
        else
        {
            session.References[id] = references - 1;
        }

        context.Unreference(target, 1);
        return Answer.Done();
    }

    private ObjectReply Delete(ObjectRequest request)
    {
        var target = request.Object != 0 ? context.Objects.Find(request.Object) : context.Objects.Find(request.Delete.Name);
        if (target is null)
        {
            return Answer.Flag(false);
        }

        foreach (var session in context.Sessions.InOrder)
        {
            session.References.Remove(target.Id);
            session.Ties.Remove(target.Id);
        }

        context.Destroy(target);
        return Answer.Flag(true);
    }

    private ObjectReply List(in Call call)
    {
        var list = call.Request.ListObjects;
        var page = new ObjectDescriptions();
        var bytes = 0;
        foreach (var target in context.Objects.InOrder)
        {
            if ((target.IsAnonymous && !list.Anonymous) || !target.Name.StartsWith(list.Prefix, StringComparison.Ordinal)
                || (list.Kind != ObjectKind.Unspecified && list.Kind != target.Kind))
            {
                continue;
            }

            bytes += 64 + target.Name.Length;
            if (bytes > context.Limits.PageBytes && page.Objects.Count > 0)
            {
                page.More = true;
                context.Send(call.Session, call.Request.Number, new ObjectReply { Objects = page });
                page = new ObjectDescriptions();
                bytes = 0;
            }

            page.Objects.Add(Describe(target));
        }

        return new ObjectReply { Objects = page };
    }

    private static ObjectDescription Describe(SharedObject target) => new()
    {
        Object = target.Id,
        Kind = target.Kind,
        Name = target.Name,
        Count = target.Count,
        References = target.References,
        Waiting = (ulong)target.Lines.Sum(line => line.Count),
        Created = target.Revision,
        ValueType = target.Created.ValueType,
        KeyType = target.Created.KeyType,
        Watches = (ulong)target.Watches,
    };

    private ObjectReply Cancel(ObjectSession session, ulong number)
    {
        // What waited may have been a read, which nobody has written down: neither the reply nor the revision may depend on it.
        if (session.Waiting.TryGetValue(number, out var waiter))
        {
            waiter.Target.OnCancel(waiter);
        }
        else if (session.Watches.Remove(number, out var watcher))
        {
            context.Objects.Unwatch(watcher);
            context.Send(session, number, Refuse.Cancelled());
        }

        return Answer.Done();
    }

    private ObjectReply Unknown(ulong id) => Refuse.Unknown(id, id != 0 && id <= context.Objects.Last);
}
