using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Dictionaries;

public sealed class WatchTests : IDisposable
{
    private readonly ObjectHarness _objects = new(new ObjectLimits { HistoryChanges = 4, PageBytes = 64 });
    private readonly ulong _me;
    private readonly ulong _other;
    private readonly ulong _dict;

    public WatchTests()
    {
        _me = _objects.Session();
        _other = _objects.Session();
        _dict = _objects.Open(_me, ObjectKind.Dictionary, "results");
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void A_watcher_is_told_of_every_change_in_order()
    {
        Write(OnDict.Set("before", "0"));
        var watch = Watch();
        Write(OnDict.Set("a", "1"));
        Write(OnDict.SetMany(("b", "2"), ("c", "3")));
        Write(OnDict.Remove("a"));
        Write(OnDict.SetJson("n", "1"));
        Write(OnDict.Increment("n", 1));
        Write(OnDict.Set("short", "1", life: 1));
        _objects.Pass(1);
        Write(OnDict.Clear);

        Assert.Equal(["a=1", "b=2", "c=3", "-a", "n=1", "n=2", "short=1", "!short", "clear"], Told(watch));
        var changes = Changes(watch).ToList();
        Assert.Equal(changes.Select(change => change.Revision).Order(), changes.Select(change => change.Revision));
        Assert.Equal(changes[1].Revision, changes[2].Revision);
    }

    [Fact]
    public void The_first_reply_comes_at_once_and_says_up_to_where_all_is_told()
    {
        var first = _objects.Reply(_me, Watch())!;

        Assert.Equal(_objects.Machine.Revision, first.Revision);
        Assert.Empty(first.DictChanges.Changes);
    }

    [Fact]
    public void A_change_is_told_before_it_is_answered()
    {
        var watch = Watch();
        ObjectRequest[] changes =
        [
            OnDict.Set("a", "1"), OnDict.SetMany(("b", "2"), ("c", "3")), OnDict.SetJson("n", "1"), OnDict.Increment("n", 1), OnDict.Remove("a"), OnDict.Clear,
        ];
        foreach (var change in changes)
        {
            var number = _objects.Send(_me, _dict, change);

            Assert.Equal([watch, number], _objects.Sent.TakeLast(2).Select(static sent => sent.Reply.Number));
            Assert.Equal(_objects.Reply(_me, number)!.Revision, _objects.Reply(_me, watch)!.Revision);
        }
    }

    [Fact]
    public void A_watch_may_begin_with_the_content()
    {
        Write(OnDict.SetMany(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")));

        var watch = _objects.Send(_me, _dict, OnDict.Watch(snapshot: true));
        Write(OnDict.Set("e", "5"));

        Assert.Equal(["a=1", "b=2", "c=3", "d=4", "e=5"], Told(watch));
        var pages = _objects.Replies(_me, watch).Select(reply => reply.DictChanges).ToList();
        Assert.True(pages.Count > 2);
        Assert.Equal([.. pages.SkipLast(2).Select(_ => true), false, false], pages.Select(page => page.More));
        Assert.Equal([.. pages.SkipLast(1).Select(_ => true), false], pages.Select(page => page.Snapshot));
    }

    [Fact]
    public void A_watcher_that_comes_back_misses_nothing_and_hears_nothing_twice()
    {
        var watch = Watch();
        Write(OnDict.Set("a", "1"));
        _objects.Disconnect(_me);
        Write(OnDict.Set("b", "2"));
        Write(OnDict.Set("c", "3"));
        _objects.Resume(_me);

        _objects.SendAgain(_me, _dict, OnDict.Watch(_objects.Reply(_me, watch)!.Revision + 1), watch);
        Write(OnDict.Set("d", "4"));

        Assert.Equal(["a=1", "b=2", "c=3", "d=4"], Told(watch));
    }

    [Fact]
    public void A_watch_that_is_sent_twice_is_one()
    {
        var watch = Watch();
        _objects.SendAgain(_me, _dict, OnDict.Watch(), watch);
        Write(OnDict.Set("a", "1"));

        Assert.Equal(["a=1"], Told(watch));
    }

    [Fact]
    public void Where_the_history_does_not_reach_back_the_content_comes_instead()
    {
        Write(OnDict.Set("a", "1"));
        var seen = _objects.Machine.Revision;
        for (var i = 0; i < 5; i++)
        {
            Write(OnDict.Set("b", $"{i}"));
        }

        var late = _objects.Send(_me, _dict, OnDict.Watch(seen + 1));
        var inTime = _objects.Send(_me, _dict, OnDict.Watch(seen + 2));
        Write(OnDict.Set("c", "1"));

        Assert.True(_objects.Replies(_me, late).First().DictChanges.Compacted);
        Assert.Equal(["a=1", "b=4", "c=1"], Told(late));
        Assert.False(_objects.Replies(_me, inTime).First().DictChanges.Compacted);
        Assert.Equal(["b=1", "b=2", "b=3", "b=4", "c=1"], Told(inTime));
    }

    [Fact]
    public void A_revision_of_a_history_that_was_lost_counts_as_compacted()
    {
        Write(OnDict.Set("a", "1"));

        var watch = _objects.Send(_me, _dict, OnDict.Watch(_objects.Machine.Revision + 2));

        Assert.True(_objects.Reply(_me, watch)!.DictChanges.Compacted);
        Assert.Equal(["a=1"], Told(watch));
        Assert.Empty(_objects.Reply(_me, _objects.Send(_me, _dict, OnDict.Watch(_objects.Machine.Revision + 1)))!.DictChanges.Changes);
    }

    [Fact]
    public void A_cancelled_watch_is_told_so_and_nothing_more()
    {
        var watch = Watch();
        _objects.Ask(_me, 0, new ObjectRequest { Cancel = new ObjectCancel { Request = watch } });
        Write(OnDict.Set("a", "1"));

        Assert.Equal(ObjectErrorCode.Cancelled, _objects.Reply(_me, watch)!.Error.Code);
    }

    [Fact]
    public void Watchers_hear_that_their_dictionary_was_deleted()
    {
        var watch = Watch();
        _objects.Ask(_other, _dict, new ObjectRequest { Delete = new ObjectDelete() });

        Assert.Equal(ObjectErrorCode.Deleted, _objects.Reply(_me, watch)!.Error.Code);
    }

    [Fact]
    public void A_watch_goes_on_after_the_state_was_restored()
    {
        var watch = Watch();
        _objects.Restore();
        Write(OnDict.Set("a", "1"));

        Assert.Equal(["a=1"], Told(watch));
    }

    private ulong Watch() => _objects.Send(_me, _dict, OnDict.Watch());

    private void Write(ObjectRequest request) => Assert.Null(_objects.Ask(_other, _dict, request).Error);

    private IEnumerable<DictChange> Changes(ulong watch) => _objects.Replies(_me, watch).SelectMany(reply => reply.DictChanges.Changes);

    private IEnumerable<string> Told(ulong watch) => Changes(watch).Select(change => change.Kind switch
    {
        DictChangeKind.Set => $"{change.Key.Read()}={change.Value.Read()}",
        DictChangeKind.Removed => $"-{change.Key.Read()}",
        DictChangeKind.Expired => $"!{change.Key.Read()}",
        _ => "clear",
    });
}
