using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>The operations of a dictionary that change nothing.</summary>
internal sealed class DictReads(DictObject owner, ObjectContext context, DictTable table, DictHistory history)
{
    /// <summary>An entry without its key.</summary>
    public static DictEntry Describe(DictNode? node) => node is null ? new DictEntry() : new DictEntry { Value = node.Value, Version = node.Version };

    public ObjectReply Get(DictGet get) =>
        Values.Check(get.Key, "key", context.Limits) ?? new ObjectReply { DictEntry = Describe(table.Find(new DictKey(get.Key))) };

    public ObjectReply? GetMany(in Call call)
    {
        var keys = call.Request.DictGetMany.Keys;
        if (Values.Check(keys, context.Limits) is { } refusal)
        {
            return refusal;
        }

        var page = new DictEntries();
        var bytes = 0;
        foreach (var key in keys)
        {
            var entry = Describe(table.Find(new DictKey(key)));
            var size = Values.Size(entry.Value) + 16;
            if (bytes + size > context.Limits.PageBytes && page.Entries.Count > 0)
            {
                page.More = true;
                context.Send(call.Session, call.Request.Number, new ObjectReply { DictEntries = page });
                page = new DictEntries();
                bytes = 0;
            }

            bytes += size;
            page.Entries.Add(entry);
        }

        return new ObjectReply { DictEntries = page };
    }

    public ObjectReply Contains(DictContains contains) =>
        Values.Check(contains.Key, "key", context.Limits) ?? Answer.Flag(table.Find(new DictKey(contains.Key)) is not null);

    public ObjectReply? Items(in Call call)
    {
        foreach (var page in DictPages.Entries(table, call.Request.DictItems.KeysOnly, context.Limits.PageBytes))
        {
            context.Send(call.Session, call.Request.Number, new ObjectReply { DictEntries = page });
        }

        return null;
    }

    public ObjectReply? Watch(in Call call)
    {
        var watch = call.Request.DictWatch;
        if (context.RefuseWatch(call) is { } refusal)
        {
            return refusal;
        }

        var compacted = !watch.Snapshot && watch.FromRevision != 0 && !IsKnown(watch.FromRevision, isNamed: call.Request.Object == 0);
        var pages = watch.Snapshot || compacted
            ? DictPages.Snapshot(table, compacted, context.Limits.PageBytes)
            : DictPages.Since(watch.FromRevision == 0 ? ulong.MaxValue : watch.FromRevision, history, context.Limits.PageBytes);
        foreach (var page in pages)
        {
            context.Send(call.Session, call.Request.Number, new ObjectReply { DictChanges = page });
        }

        if (!watch.Once)
        {
            var watcher = new DictWatcher(call.Session, call.Request.Number);
            call.Session.Watches.Add(watcher.Number, watcher);
            owner.AddWatcher(watcher);
        }

        return null;
    }

    // A revision that is yet to come belongs to a history that was lost, and one before the dictionary perhaps to another of its name.
    private bool IsKnown(ulong revision, bool isNamed) =>
        history.Reaches(revision) && revision <= context.Revision + 1 && !(isNamed && revision < owner.Revision);
}
