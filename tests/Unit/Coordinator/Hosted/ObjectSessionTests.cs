using Cluster.Protocol;
using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Objects;
using Cluster.Unit.Coordinator.Objects.Dictionaries;
using Cluster.Unit.Coordinator.Objects.Locks;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Shared objects over gRPC.</summary>
public sealed class ObjectSessionTests : CoordinatorTest
{
    [Fact]
    public async Task Requests_are_pipelined_and_answered_in_their_order()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var me = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        var dict = await me.OpenAsync(1, ObjectKind.Dictionary, "results");

        await me.SendAsync([.. Enumerable.Range(2, 1000).Select(i => To((ulong)i, dict, OnDict.Increment("n", 1)))]);

        for (var i = 1; i <= 1000; i++)
        {
            var reply = await me.ReceiveAsync();
            Assert.Equal(((ulong)i + 1, $"{i}"), (reply.Number, reply.Value.Read()));
        }
    }

    [Fact]
    public async Task Who_waits_is_answered_when_another_session_lets_him_go_on()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var me = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        using var other = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        var target = await me.OpenAsync(1, ObjectKind.Lock, "lock");
        Assert.Equal(1UL, (await me.AskAsync(To(2, target, OnLock.Acquire()))).LockAcquired.Token);

        await other.SendAsync(To(1, target, OnLock.Acquire()), To(2, target, OnLock.Status));
        Assert.Equal(1UL, (await other.ReceiveAsync()).LockState.Waiting);
        await me.AskAsync(To(3, target, OnLock.Release()));

        Assert.Equal(2UL, (await other.ReceiveAsync()).LockAcquired.Token);
    }

    [Fact]
    public async Task Waiting_ends_by_the_clock()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var me = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        var queue = await me.OpenAsync(1, ObjectKind.Queue, "jobs");
        var get = new ObjectRequest { QueueGet = new QueueGet(), Timeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(30)) };

        Assert.Equal(ObjectErrorCode.Empty, (await me.AskAsync(To(2, queue, get))).Error.Code);
    }

    [Fact]
    public async Task A_session_goes_on_after_a_break_and_changes_happen_once()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        var first = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        Assert.False(first.Welcome.Resumed);
        var dict = await first.OpenAsync(1, ObjectKind.Dictionary, "results");
        var target = await first.OpenAsync(2, ObjectKind.Lock, "lock");
        await first.AskAsync(To(3, target, OnLock.Acquire()));
        await first.AskAsync(To(4, dict, OnDict.Increment("n", 1)));
        first.Dispose();

        using var again = await ObjectStream.OpenAsync(coordinator.Address, Deadline, first.Welcome.Token);
        Assert.True(again.Welcome.Resumed);
        Assert.Equal(first.Welcome.Incarnation, again.Welcome.Incarnation);
        Assert.Equal("1", (await again.AskAsync(To(4, dict, OnDict.Increment("n", 1)))).Value.Read());
        Assert.Equal("2", (await again.AskAsync(To(5, dict, OnDict.Increment("n", 1)))).Value.Read());
        Assert.True((await again.AskAsync(To(6, target, OnLock.Status))).LockState.Held);
    }

    [Fact]
    public async Task The_lock_of_a_client_that_does_not_come_back_is_given_on()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var me = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        var target = await me.OpenAsync(1, ObjectKind.Lock, "lock");
        var lost = await ObjectStream.OpenAsync(coordinator.Address, Deadline, lease: 0.05);
        await lost.AskAsync(To(1, target, OnLock.Acquire()));
        lost.Dispose();

        Assert.True((await me.AskAsync(To(2, target, OnLock.Acquire()))).LockAcquired.WasAbandoned);
        var refused = await Assert.ThrowsAsync<RpcException>(() => ObjectStream.OpenAsync(coordinator.Address, Deadline, lost.Welcome.Token));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Another_connection_takes_a_session_over()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var before = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        var dict = await before.OpenAsync(1, ObjectKind.Dictionary, "results");
        using var after = await ObjectStream.OpenAsync(coordinator.Address, Deadline, before.Welcome.Token);

        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(before.ReceiveAsync)).StatusCode);
        Assert.Equal(0UL, (await after.AskAsync(To(2, dict, OnDict.Count))).Count);
    }

    [Fact]
    public async Task Goodbye_ends_the_session_and_the_call()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var me = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        await me.SendAsync(new ObjectRequests { Bye = true });

        await Assert.ThrowsAsync<EndOfStreamException>(me.ReceiveAsync);
        var refused = await Assert.ThrowsAsync<RpcException>(() => ObjectStream.OpenAsync(coordinator.Address, Deadline, me.Welcome.Token));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Watchers_in_other_sessions_are_told()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var me = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        using var watcher = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        var dict = await me.OpenAsync(1, ObjectKind.Dictionary, "results");
        Assert.Empty((await watcher.AskAsync(To(1, dict, OnDict.Watch()))).DictChanges.Changes);
        var set = await me.AskAsync(To(2, dict, OnDict.Set("a", "1")));

        var told = await watcher.ReceiveAsync();
        Assert.Equal((set.Revision, "a"), (told.Revision, told.DictChanges.Changes.Single().Key.Read()));
    }

    [Fact]
    public async Task The_end_of_the_coordinator_is_told()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var me = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        coordinator.BeginStop();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(me.ReceiveAsync)).StatusCode);
    }

    [Fact]
    public async Task A_stream_that_does_not_begin_as_it_should_is_refused()
    {
        await using var coordinator = await TestCoordinator.StartAsync();

        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(new ObjectRequests()));
        Assert.Equal(StatusCode.FailedPrecondition, await RefusedAsync(new ObjectRequests { Hello = new ObjectsHello { ProtocolVersion = 99 } }));
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(Hello(TimeSpan.Zero)));
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(Hello(TimeSpan.FromHours(2))));
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(Hello(TimeSpan.FromSeconds(-1))));

        static ObjectRequests Hello(TimeSpan lease) =>
            new() { Hello = new ObjectsHello { ProtocolVersion = ProtocolVersion.Current, Lease = Duration.FromTimeSpan(lease) } };

        async Task<StatusCode> RefusedAsync(ObjectRequests first) =>
            (await Assert.ThrowsAsync<RpcException>(() => ObjectStream.OpenAsync(coordinator.Address, first, Deadline))).StatusCode;
    }

    private static ObjectRequest To(ulong number, ulong target, ObjectRequest request)
    {
        (request.Number, request.Object) = (number, target);
        return request;
    }
}
