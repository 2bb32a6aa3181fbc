using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Objects.Dictionaries;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects;

public sealed class SessionTests : IDisposable
{
    private readonly ObjectHarness _objects = new(new ObjectLimits { KeptReplies = 5, Waiters = 2 });
    private readonly ulong _me;
    private readonly ulong _dict;

    public SessionTests()
    {
        _me = _objects.Session();
        _dict = _objects.Open(_me, ObjectKind.Dictionary, "results");
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void A_session_that_only_reads_leaves_no_trace()
    {
        using var objects = new ObjectHarness();
        var me = objects.Session();
        var dict = objects.Open(me, ObjectKind.Dictionary, "d");
        var flag = objects.Open(me, ObjectKind.Event, "e");
        objects.Ask(me, dict, OnDict.Set("a", "1"));
        var (before, revision) = (ObjectHarness.Bytes(objects.Machine), objects.Machine.Revision);
        var reader = objects.Reader();
        Assert.Equal("1", objects.Ask(reader, dict, OnDict.Get("a")).DictEntry.Value.Read());
        var watch = objects.Send(reader, dict, OnDict.Watch());
        var waiting = objects.Send(reader, flag, new ObjectRequest { EventWait = new EventWait() });
        objects.Refused(reader, dict, OnDict.Set("a", "2"), ObjectErrorCode.Invalid);
        Assert.Equal(before, ObjectHarness.Bytes(objects.Machine));
        Assert.All(objects.ReaderEntries, static entry => Assert.False(entry.IsRecorded));

        objects.Ask(me, dict, OnDict.Set("a", "2"));
        Assert.Equal("2", objects.Reply(reader, watch)!.DictChanges.Changes.Single().Value.Read());
        objects.Disconnect(reader);
        objects.Ask(me, flag, new ObjectRequest { EventSet = new EventSet() });
        Assert.Null(objects.Reply(reader, waiting));
        Assert.Equal(revision + 2, objects.Machine.Revision);
    }

    [Fact]
    public void A_change_that_is_sent_again_is_answered_and_not_done_again()
    {
        var number = _objects.Send(_me, _dict, OnDict.Increment("n", 1));
        _objects.Disconnect(_me);
        _objects.Resume(_me);
        _objects.SendAgain(_me, _dict, OnDict.Increment("n", 1), number);

        var replies = _objects.Replies(_me, number).ToList();
        Assert.Equal(2, replies.Count);
        Assert.Equal(replies[0], replies[1]);
        Assert.Equal("1", _objects.Ask(_me, _dict, OnDict.Get("n")).DictEntry.Value.Read());
    }

    [Fact]
    public void A_change_whose_reply_went_nowhere_is_answered_after_the_break()
    {
        _objects.Disconnect(_me);
        var number = _objects.Send(_me, _dict, OnDict.Increment("n", 1));
        Assert.Null(_objects.Reply(_me, number));
        _objects.Resume(_me);

        _objects.SendAgain(_me, _dict, OnDict.Increment("n", 1), number);

        Assert.Equal("1", _objects.Reply(_me, number)!.Value.Read());
    }

    [Fact]
    public void A_refusal_is_answered_again_as_a_refusal()
    {
        _objects.Ask(_me, _dict, OnDict.Set("n", "text"));
        var number = _objects.Send(_me, _dict, OnDict.Increment("n", 1));
        _objects.Ask(_me, _dict, OnDict.Remove("n"));

        _objects.SendAgain(_me, _dict, OnDict.Increment("n", 1), number);

        Assert.All(_objects.Replies(_me, number), reply => Assert.Equal(ObjectErrorCode.NotANumber, reply.Error.Code));
    }

    [Fact]
    public void A_read_that_is_sent_again_is_read_again()
    {
        var number = _objects.Send(_me, _dict, OnDict.Get("a"));
        _objects.Ask(_me, _dict, OnDict.Set("a", "1"));

        _objects.SendAgain(_me, _dict, OnDict.Get("a"), number);

        Assert.Equal(["nothing", "1"], _objects.Replies(_me, number).Select(reply => reply.DictEntry.Value.Read()));
    }

    [Fact]
    public void A_request_that_waits_waits_on_after_a_break_and_keeps_its_place()
    {
        var other = _objects.Session();
        var queue = _objects.Open(_me, ObjectKind.Queue, "jobs");
        var mine = _objects.Send(_me, queue, new ObjectRequest { QueueGet = new QueueGet() });
        var others = _objects.Send(other, queue, new ObjectRequest { QueueGet = new QueueGet() });
        _objects.Disconnect(_me);
        _objects.Resume(_me);
        _objects.SendAgain(_me, queue, new ObjectRequest { QueueGet = new QueueGet() }, mine);

        _objects.Ask(other, queue, new ObjectRequest { QueuePut = new QueuePut { Values = { Text.Of("a") } } });

        Assert.Equal("a", _objects.Reply(_me, mine)!.QueueItems.Items.Single().Value.Read());
        Assert.Null(_objects.Reply(other, others));
    }

    [Fact]
    public void What_was_given_while_the_connection_was_broken_is_not_lost()
    {
        var queue = _objects.Open(_me, ObjectKind.Queue, "jobs");
        var number = _objects.Send(_me, queue, new ObjectRequest { QueueGet = new QueueGet() });
        _objects.Disconnect(_me);
        _objects.Ask(_objects.Session(), queue, new ObjectRequest { QueuePut = new QueuePut { Values = { Text.Of("a") } } });
        Assert.Null(_objects.Reply(_me, number));
        _objects.Resume(_me);

        _objects.SendAgain(_me, queue, new ObjectRequest { QueueGet = new QueueGet() }, number);

        Assert.Equal("a", _objects.Reply(_me, number)!.QueueItems.Items.Single().Value.Read());
    }

    [Fact]
    public void Replies_behind_a_request_that_waits_can_be_acknowledged()
    {
        var queue = _objects.Open(_me, ObjectKind.Queue, "q");
        var waiting = _objects.Send(_me, queue, new ObjectRequest { QueueGet = new QueueGet() });
        for (var i = 0; i < 50; i++)
        {
            var set = _objects.Send(_me, _dict, OnDict.Set("a", $"{i}"));
            Assert.Null(_objects.Reply(_me, set)!.Error);
            _objects.Acknowledge(_me, waiting, (set, set));
            Assert.True(_objects.Machine.KeptReplies(_me) <= 1);
            if (i == 25)
            {
                _objects.Restore();
            }
        }

        // One that was acknowledged is not done again.
        var before = _objects.Machine.Revision;
        _objects.SendAgain(_me, _dict, OnDict.Set("a", "again"), waiting + 1);
        Assert.Equal((ObjectErrorCode.Invalid, before), (_objects.Reply(_me, waiting + 1)!.Error.Code, _objects.Machine.Revision));

        // And the one that waited is answered, and kept.
        _objects.Ask(_me, queue, new ObjectRequest { QueuePut = new QueuePut { Values = { Text.Of("x") } } });
        Assert.Single(_objects.Reply(_me, waiting)!.QueueItems.Items);
        Assert.Equal(2, _objects.Machine.KeptReplies(_me));
        _objects.Acknowledge(_me, waiting + 1);
        Assert.Equal(1, _objects.Machine.KeptReplies(_me));
        _objects.Acknowledge(_me, waiting + 1, (waiting + 51, waiting + 51));
        Assert.Equal(0, _objects.Machine.KeptReplies(_me));
    }

    [Fact]
    public void Acknowledged_replies_are_forgotten_and_their_numbers_refused()
    {
        var number = _objects.Send(_me, _dict, OnDict.Increment("n", 1));
        _objects.Acknowledge(_me, number + 1);

        _objects.SendAgain(_me, _dict, OnDict.Increment("n", 1), number);

        Assert.Equal(ObjectErrorCode.Invalid, _objects.Reply(_me, number)!.Error.Code);
        Assert.Equal("1", _objects.Ask(_me, _dict, OnDict.Get("n")).DictEntry.Value.Read());
    }

    [Fact]
    public void Acknowledging_far_ahead_costs_no_more_than_what_is_kept()
    {
        _objects.Send(_me, _dict, OnDict.Increment("n", 1));
        _objects.Acknowledge(_me, ulong.MaxValue);
        Assert.DoesNotContain(_objects.Machine.Save(), record => record.RecordCase == ObjectsRecord.RecordOneofCase.Reply);
    }

    [Fact]
    public void Number_0_is_none()
    {
        _objects.SendAgain(_me, _dict, OnDict.Set("a", "1"), 0);

        Assert.Equal(ObjectErrorCode.Invalid, _objects.Reply(_me, 0)!.Error.Code);
    }

    [Fact]
    public void A_client_that_never_acknowledges_is_refused_further_changes_and_no_reads()
    {
        for (var i = 0; i < 4; i++)
        {
            _objects.Ask(_me, _dict, OnDict.Set("a", $"{i}"));
        }

        var error = _objects.Refused(_me, _dict, OnDict.Set("a", "too many"), ObjectErrorCode.TooLarge);
        Assert.Contains(nameof(ObjectLimits.KeptReplies), error.Message, StringComparison.Ordinal);
        Assert.Equal("3", _objects.Ask(_me, _dict, OnDict.Get("a")).DictEntry.Value.Read());
        _objects.Acknowledge(_me, 4);
        Assert.Null(_objects.Ask(_me, _dict, OnDict.Set("a", "fine")).Error);
    }

    [Fact]
    public void Requests_that_wait_are_limited()
    {
        var queue = _objects.Open(_me, ObjectKind.Queue, "jobs");
        _objects.Send(_me, queue, new ObjectRequest { QueueGet = new QueueGet() });
        _objects.Send(_me, queue, new ObjectRequest { QueueGet = new QueueGet() });

        _objects.Refused(_me, queue, new ObjectRequest { QueueGet = new QueueGet() }, ObjectErrorCode.TooLarge);
    }

    [Fact]
    public void A_session_that_comes_back_within_its_lease_has_all_that_it_had()
    {
        var list = _objects.Open(_me, ObjectKind.List);
        _objects.Disconnect(_me);
        _objects.Pass(29.9);
        _objects.Resume(_me);
        _objects.Pass(100);

        Assert.Equal(0UL, _objects.Ask(_me, list, new ObjectRequest { ListCount = new ListCount() }).Count);
        Assert.NotNull(_objects.Machine.FindSession("session-1"));
    }

    [Fact]
    public void A_session_that_does_not_is_over_and_its_anonymous_objects_are_gone()
    {
        var other = _objects.Session();
        var mine = _objects.Open(_me, ObjectKind.List);
        var shared = _objects.Open(_me, ObjectKind.List);
        _objects.Ask(other, shared, new ObjectRequest { Attach = new ObjectAttach { Kind = ObjectKind.List } });
        _objects.Disconnect(_me);
        Assert.Equal(_objects.Now + TimeSpan.FromSeconds(30).Ticks, _objects.Machine.NextDue);
        _objects.Pass(30);

        Assert.Null(_objects.Machine.FindSession("session-1"));
        _objects.Refused(other, mine, new ObjectRequest { ListCount = new ListCount() }, ObjectErrorCode.Deleted);
        Assert.Equal(0UL, _objects.Ask(other, shared, new ObjectRequest { ListCount = new ListCount() }).Count);
        Assert.Equal(0UL, _objects.Ask(other, _dict, OnDict.Count).Count);
    }

    [Fact]
    public void Nobody_is_connected_after_a_restart_and_leases_run_from_there()
    {
        _objects.Apply(ObjectEntry.Restarted(_objects.Now));
        var number = _objects.Send(_me, _dict, OnDict.Set("a", "1"));
        Assert.Null(_objects.Reply(_me, number));
        _objects.Pass(30);

        Assert.Null(_objects.Machine.FindSession("session-1"));
    }

    [Fact]
    public void Requests_of_a_session_that_has_ended_do_nothing()
    {
        _objects.Close(_me);
        var number = _objects.Send(_me, _dict, OnDict.Set("a", "1"));

        Assert.Null(_objects.Reply(_me, number));
        Assert.Equal(0UL, _objects.Ask(_objects.Session(), _dict, OnDict.Count).Count);
    }
}
