using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Queues;

public sealed class QueueTests : IDisposable
{
    private readonly ObjectHarness _objects = new();
    private readonly ulong _me;
    private readonly ulong _other;
    private readonly ulong _queue;
    private readonly ulong _small;

    public QueueTests()
    {
        _me = _objects.Session();
        _other = _objects.Session();
        _queue = _objects.Open(_me, ObjectKind.Queue, "jobs");
        _small = _objects.Open(_me, ObjectHarness.Queue(2));
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void First_in_first_out()
    {
        Put(_queue, "a", "b");
        Put(_queue, "c");

        Assert.Equal("a", Get(_queue));
        Assert.Equal("b c", Get(_queue, max: 10));
    }

    [Fact]
    public void No_more_is_taken_at_once_than_a_message_holds()
    {
        using var objects = new ObjectHarness(new() { PageBytes = 30 });
        var me = objects.Session();
        var queue = objects.Open(me, ObjectKind.Queue);
        objects.Ask(me, queue, PutRequest("a", "b", "c", "d"));

        Assert.Equal("a b c", objects.Ask(me, queue, GetRequest(max: 10)).QueueItems.Items.Select(item => item.Value).Read());
    }

    [Fact]
    public void Takers_wait_and_are_served_in_the_order_in_which_they_came()
    {
        var first = SendGet(_me, _queue);
        var second = SendGet(_other, _queue);
        var third = SendGet(_me, _queue, max: 5);
        Assert.Null(_objects.Reply(_me, first));

        Put(_queue, "a", "b", "c", "d");

        Assert.Equal("a", Items(_me, first));
        Assert.Equal("b", Items(_other, second));
        Assert.Equal("c d", Items(_me, third));
    }

    [Fact]
    public void Putters_wait_for_room_and_go_in_one_by_one()
    {
        var first = SendPut(_me, _small, "a", "b", "c");
        var second = SendPut(_other, _small, "d");
        Assert.Null(_objects.Reply(_me, first));

        Assert.Equal("a", Get(_small));
        Assert.Equal(3UL, _objects.Reply(_me, first)!.Count);
        Assert.Null(_objects.Reply(_other, second));
        Assert.Equal("b c", Get(_small, max: 5));
        Assert.Equal(1UL, _objects.Reply(_other, second)!.Count);
        Assert.Equal("d", Get(_small));
    }

    [Fact]
    public void A_batch_that_is_larger_than_the_queue_passes_through_it()
    {
        var put = SendPut(_me, _small, [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
        var taken = Enumerable.Range(0, 5).SelectMany(_ => Get(_small, max: 2).Split(' '));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), taken);
        Assert.Equal(10UL, _objects.Reply(_me, put)!.Count);
    }

    [Fact]
    public void Who_does_not_want_to_wait_is_told_that_the_queue_is_full_or_empty()
    {
        _objects.Refused(_me, _small, GetRequest(), ObjectErrorCode.Empty, timeout: 0);
        Assert.Equal(2UL, _objects.Refused(_me, _small, PutRequest("a", "b", "c"), ObjectErrorCode.Full, timeout: 0).Accepted);
        Assert.Equal(0UL, _objects.Refused(_me, _small, PutRequest("d"), ObjectErrorCode.Full, timeout: 0).Accepted);
        Assert.Equal("a b", Get(_small, max: 5));
    }

    [Fact]
    public void Waiting_ends_when_the_time_is_up()
    {
        var put = _objects.Send(_me, _small, PutRequest("a", "b", "c"), timeout: 2);
        var get = _objects.Send(_me, _queue, GetRequest(), timeout: 1);
        _objects.Pass(1);
        Assert.Equal(ObjectErrorCode.Empty, _objects.Reply(_me, get)!.Error.Code);
        _objects.Pass(0.9);
        Assert.Null(_objects.Reply(_me, put));
        _objects.Pass(0.1);

        var error = _objects.Reply(_me, put)!.Error;
        Assert.Equal((ObjectErrorCode.Full, 2UL), (error.Code, error.Accepted));
        Put(_queue, "x");
        Assert.Equal("x", Get(_queue));
    }

    [Fact]
    public void A_negative_timeout_is_refused() =>
        _objects.Refused(_me, _queue, GetRequest(), ObjectErrorCode.Invalid, timeout: -1);

    [Fact]
    public void Waiting_can_be_cancelled()
    {
        var put = SendPut(_me, _small, "a", "b", "c");
        var get = SendGet(_me, _queue);
        _objects.Ask(_me, 0, new ObjectRequest { Cancel = new ObjectCancel { Request = put } });
        _objects.Ask(_me, 0, new ObjectRequest { Cancel = new ObjectCancel { Request = get } });
        _objects.Ask(_me, 0, new ObjectRequest { Cancel = new ObjectCancel { Request = get } });

        Assert.Equal((ObjectErrorCode.Cancelled, 2UL), (_objects.Reply(_me, put)!.Error.Code, _objects.Reply(_me, put)!.Error.Accepted));
        Assert.Single(_objects.Replies(_me, get), reply => reply.Error.Code == ObjectErrorCode.Cancelled);
        Put(_queue, "x");
        Assert.Equal("x", Get(_queue));
    }

    [Fact]
    public void A_dead_session_waits_no_more()
    {
        SendGet(_other, _queue);
        var mine = SendGet(_me, _queue);
        _objects.Kill(_other);
        Put(_queue, "a");

        Assert.Equal("a", Items(_me, mine));
    }

    [Fact]
    public void Joining_waits_until_all_that_was_put_is_done()
    {
        Put(_queue, "a", "b");
        var join = Join();
        var late = _objects.Send(_me, _queue, new ObjectRequest { QueueJoin = new QueueJoin() }, timeout: 1);
        Get(_queue, max: 2);
        Done(1);
        _objects.Pass(1);
        Assert.False(_objects.Reply(_me, late)!.Flag);
        Assert.Null(_objects.Reply(_me, join));
        Done(1);

        Assert.True(_objects.Reply(_me, join)!.Flag);
        Assert.True(_objects.Reply(_me, Join())!.Flag);
    }

    [Fact]
    public void More_done_than_put_is_an_error()
    {
        Put(_queue, "a");
        _objects.Refused(_me, _queue, DoneRequest(2), ObjectErrorCode.TooOften);
        Done(0);
        _objects.Refused(_me, _queue, DoneRequest(1), ObjectErrorCode.TooOften);
    }

    [Fact]
    public void A_queue_that_was_shut_down_gives_what_it_has_and_then_refuses()
    {
        var putter = SendPut(_me, _small, "a", "b", "c");
        Shutdown(_small, immediate: false);

        Assert.Equal((ObjectErrorCode.ShutDown, 2UL), (_objects.Reply(_me, putter)!.Error.Code, _objects.Reply(_me, putter)!.Error.Accepted));
        _objects.Refused(_me, _small, PutRequest("d"), ObjectErrorCode.ShutDown);
        Assert.Equal("a b", Get(_small, max: 5));
        _objects.Refused(_me, _small, GetRequest(), ObjectErrorCode.ShutDown);
    }

    [Fact]
    public void Shutting_down_ends_those_who_wait()
    {
        var get = SendGet(_me, _queue);
        Shutdown(_queue, immediate: false);

        Assert.Equal(ObjectErrorCode.ShutDown, _objects.Reply(_me, get)!.Error.Code);
    }

    [Fact]
    public void Shutting_down_at_once_drops_what_is_there_and_joiners_wait_only_for_what_was_taken()
    {
        Put(_queue, "a", "b", "c");
        Get(_queue);
        var join = Join();
        Shutdown(_queue, immediate: true);
        _objects.Refused(_me, _queue, GetRequest(), ObjectErrorCode.ShutDown);
        Assert.Null(_objects.Reply(_me, join));
        Done(1);

        Assert.True(_objects.Reply(_me, join)!.Flag);
    }

    [Fact]
    public void Leased_items_of_a_dead_session_come_back_in_front_in_their_order()
    {
        Put(_queue, "a", "b", "c");
        Assert.Equal("a b", Items(_other, SendGet(_other, _queue, max: 2, leased: true)));
        Assert.Equal(2UL, Status().Leased);
        _objects.Kill(_other);

        var items = _objects.Reply(_me, SendGet(_me, _queue, max: 5, leased: true))!.QueueItems.Items;
        Assert.Equal("a b c", items.Select(item => item.Value).Read());
        Assert.Equal([2U, 2U, 1U], items.Select(item => item.Deliveries));
    }

    [Fact]
    public void Acknowledged_items_are_done_and_do_not_come_back()
    {
        Put(_queue, "a", "b");
        var items = _objects.Reply(_other, SendGet(_other, _queue, max: 2, leased: true))!.QueueItems.Items;
        Assert.Equal(0UL, Acknowledge(_me, items[0].Lease));
        Assert.Equal(1UL, Acknowledge(_other, items[0].Lease));
        Assert.Equal(0UL, Acknowledge(_other, items[0].Lease));
        Assert.Equal(1UL, Status().Unfinished);
        var join = Join();
        _objects.Kill(_other);

        Assert.Equal("b", Items(_me, SendGet(_me, _queue, leased: true)));
        Assert.Null(_objects.Reply(_me, join));
        Acknowledge(_me, items[1].Lease);
        Assert.True(_objects.Reply(_me, join)!.Flag);
    }

    [Fact]
    public void Leased_items_can_be_given_back()
    {
        Put(_queue, "a", "b");
        var lease = _objects.Reply(_me, SendGet(_me, _queue, leased: true))!.QueueItems.Items.Single().Lease;
        var waiting = SendGet(_other, _queue, max: 5);
        Assert.Equal("b", Items(_other, waiting));
        waiting = SendGet(_other, _queue);

        Assert.Equal(1UL, _objects.Ask(_me, _queue, new ObjectRequest { QueueReturn = new QueueReturn { Leases = { lease } } }).Count);
        Assert.Equal("a", Items(_other, waiting));
    }

    [Fact]
    public void Takers_of_a_queue_that_was_shut_down_wait_for_items_that_are_lent_and_may_come_back()
    {
        Put(_queue, "a", "b");
        var items = _objects.Reply(_other, SendGet(_other, _queue, max: 2, leased: true))!.QueueItems.Items;
        Shutdown(_queue, immediate: false);
        var first = SendGet(_me, _queue);
        var second = SendGet(_me, _queue);
        Assert.Null(_objects.Reply(_me, first));
        Acknowledge(_other, items[0].Lease);
        _objects.Kill(_other);

        Assert.Equal("b", Items(_me, first));
        Assert.Equal(ObjectErrorCode.ShutDown, _objects.Reply(_me, second)!.Error.Code);
    }

    [Fact]
    public void Deleting_a_queue_tells_those_who_wait()
    {
        var get = SendGet(_me, _queue);
        _objects.Ask(_other, 0, new ObjectRequest { Delete = new ObjectDelete { Name = "jobs" } });

        Assert.Equal(ObjectErrorCode.Deleted, _objects.Reply(_me, get)!.Error.Code);
        _objects.Refused(_me, _queue, GetRequest(), ObjectErrorCode.Deleted);
    }

    private static ObjectRequest PutRequest(params string[] values) => new() { QueuePut = new QueuePut { Values = { values.Select(Text.Of) } } };

    private static ObjectRequest GetRequest(uint max = 0, bool leased = false) => new() { QueueGet = new QueueGet { Max = max, Leased = leased } };

    private static ObjectRequest DoneRequest(uint count) => new() { QueueTaskDone = new QueueTaskDone { Count = count } };

    private void Put(ulong queue, params string[] values) => Assert.Equal((ulong)values.Length, _objects.Ask(_me, queue, PutRequest(values)).Count);

    private ulong SendPut(ulong session, ulong queue, params string[] values) => _objects.Send(session, queue, PutRequest(values));

    private ulong SendGet(ulong session, ulong queue, uint max = 0, bool leased = false) => _objects.Send(session, queue, GetRequest(max, leased));

    private string Get(ulong queue, uint max = 0) => Items(_me, SendGet(_me, queue, max));

    private string Items(ulong session, ulong number) => _objects.Reply(session, number)!.QueueItems.Items.Select(item => item.Value).Read();

    private ulong Join() => _objects.Send(_me, _queue, new ObjectRequest { QueueJoin = new QueueJoin() });

    private void Done(uint count) => Assert.Null(_objects.Ask(_me, _queue, DoneRequest(count)).Error);

    private ulong Acknowledge(ulong session, ulong lease) =>
        _objects.Ask(session, _queue, new ObjectRequest { QueueAcknowledge = new QueueAcknowledge { Leases = { lease } } }).Count;

    private void Shutdown(ulong queue, bool immediate) =>
        Assert.Null(_objects.Ask(_me, queue, new ObjectRequest { QueueShutdown = new QueueShutdown { Immediate = immediate } }).Error);

    private QueueState Status() => _objects.Ask(_me, _queue, new ObjectRequest { QueueStatus = new QueueStatus() }).QueueState;
}
