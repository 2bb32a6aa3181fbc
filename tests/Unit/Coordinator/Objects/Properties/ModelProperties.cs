using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Objects.Dictionaries;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Properties;

/// <summary>Dictionaries, lists and queues do what the ones of the language do.</summary>
public sealed class ModelProperties
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_dictionary_is_one_and_a_watcher_can_follow_it(int seed)
    {
        var random = new Random(seed);
        using var objects = new ObjectHarness(new() { HistoryChanges = 10, PageBytes = 50 });
        var (me, watcher) = (objects.Session(), objects.Session());
        var dict = objects.Open(me, ObjectKind.Dictionary, "d");
        var model = new OrderedDictionary<string, string>();
        var replica = new Dictionary<string, string>();
        var watch = objects.Send(watcher, dict, OnDict.Watch(snapshot: true));
        var (seen, revision) = (0, 0UL);

        for (var step = 0; step < 300; step++)
        {
            var (key, value) = ($"{random.Next(8)}", $"{step}");
            switch (random.Next(10))
            {
                case 0 or 1:
                    objects.Ask(me, dict, OnDict.Set(key, value));
                    model[key] = value;
                    break;
                case 2:
                    Assert.Equal(model.TryAdd(key, value), objects.Ask(me, dict, OnDict.TryAdd(key, value)).Flag);
                    break;
                case 3:
                    Assert.Equal(model.Remove(key), objects.Ask(me, dict, OnDict.Remove(key)).Flag);
                    break;
                case 4:
                    var entry = objects.Ask(me, dict, OnDict.Get(key)).DictEntry;
                    Assert.Equal(model.GetValueOrDefault(key, "nothing"), entry.Value.Read());
                    Assert.Equal(model.ContainsKey(key), objects.Ask(me, dict, OnDict.CompareAndSet(key, entry.Version, value)).DictCompareAndSet.Done && entry.Version != 0);
                    model[key] = value;
                    break;
                case 5:
                    var last = model.Count == 0 ? default : model.GetAt(model.Count - 1);
                    Assert.Equal(last.Key ?? "nothing", objects.Ask(me, dict, OnDict.PopItem).DictEntry.Key.Read());
                    _ = last.Key is not null && model.Remove(last.Key);
                    break;
                case 6:
                    objects.Ask(me, dict, OnDict.SetMany((key, value), ("x", value)));
                    model[key] = value;
                    model["x"] = value;
                    break;
                case 7 when random.Next(6) == 0:
                    Assert.Equal((ulong)model.Count, objects.Ask(me, dict, OnDict.Clear).Count);
                    model.Clear();
                    break;
                case 8:
                    // A watcher that was away, maybe for longer than the history reaches.
                    objects.Disconnect(watcher);
                    for (var i = random.Next(14); i > 0; i--)
                    {
                        objects.Ask(me, dict, OnDict.Set(key, $"{step}.{i}"));
                        model[key] = $"{step}.{i}";
                    }

                    objects.Resume(watcher);
                    objects.SendAgain(watcher, dict, OnDict.Watch(revision + 1), watch);
                    break;
            }

            var replies = objects.Replies(watcher, watch).Skip(seen).ToList();
            seen += replies.Count;
            for (var i = 0; i < replies.Count; i++)
            {
                // A snapshot in several replies begins anew with the first.
                Follow(replica, replies[i], startsSnapshot: i == 0 || !replies[i - 1].DictChanges.Snapshot, ref revision);
            }

            var number = objects.Send(me, dict, OnDict.Items);
            var items = objects.Replies(me, number).SelectMany(reply => reply.DictEntries.Entries).Select(item => (item.Key.Read(), item.Value.Read()));
            Assert.Equal(model.Select(item => (item.Key, item.Value)), items);
            Assert.Equal(model.OrderBy(item => item.Key), replica.OrderBy(item => item.Key));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_list_is_one(int seed)
    {
        var random = new Random(seed);
        using var objects = new ObjectHarness();
        var me = objects.Session();
        var list = objects.Open(me, ObjectKind.List);
        List<string> model = [];
        for (var step = 0; step < 300; step++)
        {
            var value = $"{random.Next(5)}";
            var index = random.Next(model.Count + 1);
            switch (random.Next(7))
            {
                case 0 or 1:
                    Ask(new ObjectRequest { ListAppend = new ListAppend { Values = { Text.Of(value), Text.Of("+") } } });
                    model.AddRange([value, "+"]);
                    break;
                case 2:
                    Ask(new ObjectRequest { ListInsert = new ListInsert { Index = index, Value = Text.Of(value) } });
                    model.Insert(index, value);
                    break;
                case 3 when index < model.Count:
                    Assert.Equal(model[index], Ask(new ObjectRequest { ListPop = new ListPop { Index = index - model.Count } }).Value.Read());
                    model.RemoveAt(index);
                    break;
                case 4:
                    Assert.Equal(model.IndexOf(value), Ask(new ObjectRequest { ListIndexOf = new ListIndexOf { Value = Text.Of(value) } }).Index);
                    Assert.Equal(model.Remove(value), Ask(new ObjectRequest { ListRemove = new ListRemove { Value = Text.Of(value) } }).Flag);
                    break;
                case 5:
                    Ask(new ObjectRequest { ListReverse = new ListReverse() });
                    model.Reverse();
                    break;
                case 6 when index < model.Count:
                    Ask(new ObjectRequest { ListSet = new ListSet { Index = index, Value = Text.Of(value) } });
                    model[index] = value;
                    break;
            }

            Assert.Equal(string.Join(' ', model), Ask(new ObjectRequest { ListSlice = new ListSlice() }).ListValues.Values.Read());
        }

        ObjectReply Ask(ObjectRequest request) => objects.Ask(me, list, request);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_goes_through_a_queue_comes_out_once_and_in_order(int seed)
    {
        var random = new Random(seed);
        using var objects = new ObjectHarness();
        ulong[] sessions = [objects.Session(), objects.Session(), objects.Session()];
        var queue = objects.Open(sessions[0], ObjectHarness.Queue((uint)random.Next(5)));
        List<string> put = [];
        for (var step = 0; step < 200; step++)
        {
            var session = sessions[random.Next(sessions.Length)];
            if (random.Next(2) == 0)
            {
                string[] values = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => $"{step}.{i}")];
                objects.Send(session, queue, new ObjectRequest { QueuePut = new QueuePut { Values = { values.Select(Text.Of) } } });
                put.AddRange(values);
            }
            else
            {
                objects.Send(session, queue, new ObjectRequest { QueueGet = new QueueGet { Max = (uint)random.Next(4) } });
            }
        }

        while (objects.Ask(sessions[0], queue, new ObjectRequest { QueueGet = new QueueGet { Max = 9 } }, timeout: 0).Error is null)
        {
        }

        var got = objects.Sent.Where(sent => sent.Reply.QueueItems is not null).SelectMany(sent => sent.Reply.QueueItems.Items).Select(item => item.Value.Read());
        Assert.Equal(put, got);
    }

    private static void Follow(Dictionary<string, string> replica, ObjectReply reply, bool startsSnapshot, ref ulong revision)
    {
        var changes = reply.DictChanges;
        if (changes.Snapshot && startsSnapshot)
        {
            replica.Clear();
        }

        foreach (var change in changes.Changes)
        {
            Assert.True(changes.Snapshot || change.Revision > revision, "A change was told twice.");
            switch (change.Kind)
            {
                case DictChangeKind.Set:
                    replica[change.Key.Read()] = change.Value.Read();
                    break;
                case DictChangeKind.Cleared:
                    replica.Clear();
                    break;
                default:
                    Assert.True(replica.Remove(change.Key.Read()));
                    break;
            }
        }

        revision = changes.More ? revision : reply.Revision;
    }
}
