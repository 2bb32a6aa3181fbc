using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>Cuts a dictionary's content and its history into replies of bearable size. All of them are made at once, from one state, and share its values.</summary>
internal static class DictPages
{
    public static IEnumerable<DictEntries> Entries(DictTable table, bool keysOnly, int pageBytes)
    {
        var page = new DictEntries();
        var bytes = 0;
        for (var node = table.First; node is not null; node = node.Following)
        {
            var size = Values.Size(node.Key.Payload) + (keysOnly ? 0 : Values.Size(node.Value)) + 16;
            if (bytes + size > pageBytes && page.Entries.Count > 0)
            {
                page.More = true;
                yield return page;
                page = new DictEntries();
                bytes = 0;
            }

            bytes += size;
            page.Entries.Add(new DictEntry { Key = node.Key.Payload, Value = keysOnly ? null : node.Value, Version = node.Version });
        }

        yield return page;
    }

    public static IEnumerable<DictChanges> Snapshot(DictTable table, bool compacted, int pageBytes)
    {
        foreach (var entries in Entries(table, keysOnly: false, pageBytes))
        {
            var page = new DictChanges { Snapshot = true, Compacted = compacted, More = entries.More };
            page.Changes.AddRange(entries.Entries.Select(entry =>
                new DictChange { Kind = DictChangeKind.Set, Key = entry.Key, Value = entry.Value, Revision = entry.Version }));
            yield return page;
        }
    }

    public static IEnumerable<DictChanges> Since(ulong revision, DictHistory history, int pageBytes)
    {
        var page = new DictChanges();
        var bytes = 0;
        foreach (var change in history.Changes)
        {
            if (change.Revision < revision)
            {
                continue;
            }

            // Changes of one revision stay together: whoever has seen one has seen all.
            if (bytes > pageBytes && page.Changes[^1].Revision != change.Revision)
            {
                page.More = true;
                yield return page;
                page = new DictChanges();
                bytes = 0;
            }

            bytes += Values.Size(change.Key) + Values.Size(change.Value) + 16;
            page.Changes.Add(change);
        }

        yield return page;
    }
}
