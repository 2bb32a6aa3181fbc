using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>Watches of dictionaries that do not exist: they are empty, and their first change is the first that is told.</summary>
internal static class AbsentWatch
{
    /// <summary>Answers that there is nothing, and has the session told when there is.</summary>
    public static ObjectReply? Begin(in Call call, DictWatch watch, ObjectContext context)
    {
        if (context.RefuseWatch(call) is { } refusal)
        {
            return refusal;
        }

        // What there was before, if there was a dictionary of the name, nobody knows.
        var compacted = !watch.Snapshot && watch.FromRevision != 0;
        context.Send(call.Session, call.Request.Number, new ObjectReply { DictChanges = new DictChanges { Snapshot = watch.Snapshot || compacted, Compacted = compacted } });
        if (!watch.Once)
        {
            var watcher = new DictWatcher(call.Session, call.Request.Number) { Name = call.Request.Name };
            call.Session.Watches.Add(watcher.Number, watcher);
            context.Objects.Await(watcher);
        }

        return null;
    }

    /// <summary>There is an object of the name.</summary>
    public static void End(DictWatcher watcher, SharedObject target, ObjectContext context)
    {
        if (target is DictObject dict)
        {
            dict.AddWatcher(watcher);
            return;
        }

        watcher.Session.Watches.Remove(watcher.Number);
        context.Send(watcher.Session, watcher.Number, Refuse.WrongKind(target, "dict_watch"));
    }
}
