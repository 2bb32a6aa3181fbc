using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Locks;

public sealed class ConditionTests : IDisposable
{
    private readonly ObjectHarness _objects = new();
    private readonly ulong _me;
    private readonly ulong _other;
    private readonly ulong _condition;
    private readonly ulong _lock;

    public ConditionTests()
    {
        _me = _objects.Session();
        _other = _objects.Session();
        var opened = _objects.Ask(_me, 0, new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Condition, Name = "condition" } }).Opened;
        (_condition, _lock) = (opened.Object, opened.Condition.Lock);
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void Without_its_lock_one_neither_waits_nor_notifies()
    {
        _objects.Refused(_me, _condition, OnLock.Wait(), ObjectErrorCode.NotHeld);
        Acquire(_other);
        _objects.Refused(_me, _condition, OnLock.Wait(), ObjectErrorCode.NotHeld);
        _objects.Refused(_me, _condition, OnLock.NotifyAll, ObjectErrorCode.NotHeld);
        _objects.Refused(_other, _condition, OnLock.Notify(owner: 5), ObjectErrorCode.NotHeld);
    }

    [Fact]
    public void Waiting_releases_the_lock_fully_and_has_it_as_often_before_it_is_answered()
    {
        Acquire(_me);
        Acquire(_me);
        var waiting = _objects.Send(_me, _condition, OnLock.Wait());
        Assert.Equal(2UL, Acquire(_other));
        Assert.Equal(1UL, _objects.Ask(_other, _condition, OnLock.Notify()).Count);
        Assert.Null(_objects.Reply(_me, waiting));
        Release(_other);

        var waited = _objects.Reply(_me, waiting)!.ConditionWaited;
        Assert.Equal((true, 3UL, 2U), (waited.Notified, waited.Lock.Token, waited.Lock.Depth));
        Release(_me);
        Assert.True(IsHeld());
        Release(_me);
        Assert.False(IsHeld());
    }

    [Fact]
    public void Those_who_have_waited_longest_are_notified_first()
    {
        var waiting = Enumerable.Range(1, 4).Select(owner => WaitAs((ulong)owner)).ToList();
        Acquire(_other);
        Assert.Equal(2UL, _objects.Ask(_other, _condition, OnLock.Notify(2)).Count);
        Assert.Equal(2UL, _objects.Ask(_other, _condition, OnLock.NotifyAll).Count);
        Assert.Equal(0UL, _objects.Ask(_other, _condition, OnLock.NotifyAll).Count);
        Release(_other);

        for (var owner = 1; owner <= 4; owner++)
        {
            Assert.All(waiting[..owner], number => Assert.True(_objects.Reply(_me, number)!.ConditionWaited.Notified));
            Assert.All(waiting[owner..], number => Assert.Null(_objects.Reply(_me, number)));
            Release(_me, (ulong)owner);
        }
    }

    [Fact]
    public void When_the_time_is_up_the_lock_still_comes_first()
    {
        Acquire(_me);
        var waiting = _objects.Send(_me, _condition, OnLock.Wait(), timeout: 1);
        Acquire(_other);
        _objects.Pass(5);
        Assert.Null(_objects.Reply(_me, waiting));
        // It is too late to be notified.
        Assert.Equal(0UL, _objects.Ask(_other, _condition, OnLock.Notify()).Count);
        Release(_other);

        Assert.False(_objects.Reply(_me, waiting)!.ConditionWaited.Notified);
    }

    [Fact]
    public void Waiting_for_no_time_lets_others_have_the_lock_in_between()
    {
        Acquire(_me);
        var other = _objects.Send(_other, _lock, OnLock.Acquire());
        var waiting = _objects.Send(_me, _condition, OnLock.Wait(), timeout: 0);
        Assert.Equal(2UL, _objects.Reply(_other, other)!.LockAcquired.Token);
        Release(_other);

        Assert.False(_objects.Reply(_me, waiting)!.ConditionWaited.Notified);
    }

    [Fact]
    public void A_cancelled_wait_has_the_lock_when_it_is_told()
    {
        Acquire(_me);
        var waiting = _objects.Send(_me, _condition, OnLock.Wait());
        Acquire(_other);
        _objects.Ask(_me, 0, OnLock.Cancel(waiting));
        Assert.Null(_objects.Reply(_me, waiting));
        Release(_other);

        Assert.Equal(ObjectErrorCode.Cancelled, _objects.Reply(_me, waiting)!.Error.Code);
        Assert.Null(_objects.Ask(_me, _condition, OnLock.NotifyAll).Error);
    }

    [Fact]
    public void A_dead_session_is_notified_no_more_and_has_no_lock()
    {
        Acquire(_other);
        _objects.Send(_other, _condition, OnLock.Wait());
        var mine = WaitAs(1);
        var third = _objects.Session();
        _objects.Ask(third, _lock, OnLock.Acquire());
        _objects.Kill(_other);
        Assert.Equal(1UL, _objects.Ask(third, _condition, OnLock.Notify()).Count);
        _objects.Ask(third, _lock, OnLock.Release());

        Assert.True(_objects.Reply(_me, mine)!.ConditionWaited.Notified);
    }

    [Fact]
    public void A_session_that_dies_with_the_lock_leaves_it_to_who_waits_for_it_again()
    {
        var mine = WaitAs(1);
        Acquire(_other);
        _objects.Ask(_other, _condition, OnLock.Notify());
        _objects.Kill(_other);

        Assert.True(_objects.Reply(_me, mine)!.ConditionWaited.Lock.WasAbandoned);
    }

    [Fact]
    public void A_condition_can_be_built_on_a_lock_that_is_there()
    {
        var shared = _objects.Open(_me, ObjectKind.Lock, "shared");
        var condition = _objects.Open(_me, new ObjectOpen { Kind = ObjectKind.Condition, Condition = new ConditionOptions { Lock = shared } });
        _objects.Ask(_me, shared, OnLock.Acquire());
        var waiting = _objects.Send(_me, condition, OnLock.Wait());
        _objects.Ask(_other, shared, OnLock.Acquire());
        _objects.Ask(_other, condition, OnLock.NotifyAll);
        _objects.Ask(_other, shared, OnLock.Release());

        Assert.True(_objects.Reply(_me, waiting)!.ConditionWaited.Notified);
    }

    [Fact]
    public void A_condition_needs_a_lock()
    {
        var list = _objects.Open(_me, ObjectKind.List);
        _objects.Refused(_me, 0, Over(list), ObjectErrorCode.WrongKind);
        _objects.Refused(_me, 0, Over(99), ObjectErrorCode.NotFound);

        static ObjectRequest Over(ulong target) =>
            new() { Open = new ObjectOpen { Kind = ObjectKind.Condition, Condition = new ConditionOptions { Lock = target } } };
    }

    [Fact]
    public void Deleting_the_lock_tells_those_who_wait_for_the_condition()
    {
        var waiting = WaitAs(1);
        _objects.Ask(_other, _lock, new ObjectRequest { Delete = new ObjectDelete() });

        Assert.Equal(ObjectErrorCode.Deleted, _objects.Reply(_me, waiting)!.Error.Code);
        _objects.Refused(_me, _condition, OnLock.NotifyAll, ObjectErrorCode.Deleted);
    }

    [Fact]
    public void Deleting_the_condition_tells_them_too_and_its_own_lock_goes_with_it()
    {
        var waiting = WaitAs(1);
        _objects.Ask(_other, _condition, new ObjectRequest { Delete = new ObjectDelete() });

        Assert.Equal(ObjectErrorCode.Deleted, _objects.Reply(_me, waiting)!.Error.Code);
        _objects.Refused(_me, _lock, OnLock.Status, ObjectErrorCode.Deleted);
    }

    private ulong WaitAs(ulong owner)
    {
        _objects.Ask(_me, _lock, OnLock.Acquire(owner));
        return _objects.Send(_me, _condition, OnLock.Wait(owner));
    }

    private ulong Acquire(ulong session) => _objects.Ask(session, _lock, OnLock.Acquire()).LockAcquired.Token;

    private void Release(ulong session, ulong owner = 0) => Assert.Null(_objects.Ask(session, _lock, OnLock.Release(owner)).Error);

    private bool IsHeld() => _objects.Ask(_me, _lock, OnLock.Status).LockState.Held;
}
