using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Locks;

public sealed class SemaphoreTests : IDisposable
{
    private readonly ObjectHarness _objects = new();
    private readonly ulong _me;
    private readonly ulong _other;

    public SemaphoreTests()
    {
        _me = _objects.Session();
        _other = _objects.Session();
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void Permits_run_out_and_who_waits_gets_the_next()
    {
        var semaphore = Open(2);
        Assert.Equal([1UL, 2UL], [Take(_me, semaphore).Token, Take(_me, semaphore).Token]);
        Assert.Equal(0UL, _objects.Ask(_me, semaphore, OnLock.Take(), timeout: 0).LockAcquired.Token);
        var first = _objects.Send(_other, semaphore, OnLock.Take());
        var second = _objects.Send(_me, semaphore, OnLock.Take());
        Give(_me, semaphore);
        Assert.Equal(3UL, _objects.Reply(_other, first)!.LockAcquired.Token);
        Assert.Null(_objects.Reply(_me, second));
        Give(_me, semaphore, 2);

        Assert.NotNull(_objects.Reply(_me, second));
        // The last two were released by a session that had one of its own.
        Assert.Equal((1UL, 1UL, 0UL), State(semaphore));
    }

    [Fact]
    public void A_semaphore_has_one_permit_unless_told_otherwise()
    {
        Assert.Equal((1UL, 0UL, 0UL), State(_objects.Open(_me, ObjectKind.Semaphore)));
        Assert.Equal((0UL, 0UL, 0UL), State(Open(0)));
    }

    [Fact]
    public void A_plain_semaphore_may_be_released_above_where_it_began()
    {
        var semaphore = Open(1);
        Give(_me, semaphore, 3);
        Assert.Equal((4UL, 0UL, 0UL), State(semaphore));
    }

    [Fact]
    public void A_bounded_one_may_not()
    {
        var semaphore = Open(2, bounded: true);
        _objects.Refused(_me, semaphore, OnLock.Give(), ObjectErrorCode.TooOften);
        Take(_me, semaphore);
        _objects.Refused(_me, semaphore, OnLock.Give(2), ObjectErrorCode.TooOften);
        Give(_me, semaphore);
        Assert.Equal((2UL, 0UL, 0UL), State(semaphore));
    }

    [Fact]
    public void Permits_of_a_dead_session_are_free_again_and_the_next_is_told()
    {
        var semaphore = Open(2);
        Take(_other, semaphore);
        Take(_other, semaphore);
        var waiting = _objects.Send(_me, semaphore, OnLock.Take());
        _objects.Kill(_other);

        Assert.True(_objects.Reply(_me, waiting)!.LockAcquired.WasAbandoned);
        Assert.False(Take(_me, semaphore).WasAbandoned);
    }

    [Fact]
    public void A_permit_that_another_released_is_not_lost_a_second_time()
    {
        var semaphore = Open(1);
        Take(_other, semaphore);
        Give(_me, semaphore);
        _objects.Kill(_other);

        Assert.Equal((1UL, 0UL, 0UL), State(semaphore));
    }

    [Fact]
    public void A_signal_is_used_up_by_whoever_takes_it()
    {
        var semaphore = Open(1);
        Assert.NotEqual(0UL, _objects.Ask(_other, semaphore, OnLock.Take(consume: true)).LockAcquired.Token);
        _objects.Kill(_other);

        Assert.Equal((0UL, 0UL, 0UL), State(semaphore));
    }

    private ulong Open(uint value, bool bounded = false) =>
        _objects.Open(_me, new ObjectOpen { Kind = ObjectKind.Semaphore, Semaphore = new SemaphoreOptions { Value = value, Bounded = bounded } });

    private LockAcquired Take(ulong session, ulong semaphore) => _objects.Ask(session, semaphore, OnLock.Take()).LockAcquired;

    private void Give(ulong session, ulong semaphore, uint count = 0) => Assert.Null(_objects.Ask(session, semaphore, OnLock.Give(count)).Error);

    private (ulong Value, ulong Held, ulong Waiting) State(ulong semaphore)
    {
        var state = _objects.Ask(_me, semaphore, OnLock.Permits).SemaphoreState;
        return (state.Value, state.Held, state.Waiting);
    }
}
