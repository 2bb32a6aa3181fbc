using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Objects.Dictionaries;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Locks;

public sealed class LockTests : IDisposable
{
    private readonly ObjectHarness _objects = new();
    private readonly ulong _me;
    private readonly ulong _other;
    private readonly ulong _lock;
    private readonly ulong _reentrant;

    public LockTests()
    {
        _me = _objects.Session();
        _other = _objects.Session();
        _lock = _objects.Open(_other, ObjectKind.Lock, "lock");
        _reentrant = _objects.Open(_other, ObjectKind.Rlock, "reentrant");
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void A_lock_has_one_owner_and_the_others_wait_in_their_order()
    {
        Assert.Equal(1UL, Acquire(_me, _lock).Token);
        var second = _objects.Send(_other, _lock, OnLock.Acquire());
        var third = _objects.Send(_me, _lock, OnLock.Acquire());
        var state = _objects.Ask(_me, _lock, OnLock.Status).LockState;
        Assert.Equal((true, 1UL, 2UL), (state.Held, state.Token, state.Waiting));

        Release(_me, _lock);
        Assert.Equal(2UL, _objects.Reply(_other, second)!.LockAcquired.Token);
        Assert.Null(_objects.Reply(_me, third));
        Release(_other, _lock);
        Assert.Equal(3UL, _objects.Reply(_me, third)!.LockAcquired.Token);
    }

    [Fact]
    public void Not_acquired_in_time_is_no_error_and_has_no_token()
    {
        Acquire(_me, _lock);
        Assert.Equal(0UL, _objects.Ask(_other, _lock, OnLock.Acquire(), timeout: 0).LockAcquired.Token);
        var waiting = _objects.Send(_other, _lock, OnLock.Acquire(), timeout: 1.5);
        _objects.Pass(1.5);

        Assert.Equal(0UL, _objects.Reply(_other, waiting)!.LockAcquired.Token);
        Release(_me, _lock);
        Assert.False(_objects.Ask(_me, _lock, OnLock.Status).LockState.Held);
    }

    [Fact]
    public void Releasing_a_free_lock_is_an_error()
    {
        _objects.Refused(_me, _lock, OnLock.Release(), ObjectErrorCode.NotHeld);
        _objects.Refused(_me, _reentrant, OnLock.Release(), ObjectErrorCode.NotHeld);
    }

    [Fact]
    public void A_lock_may_be_released_by_another_but_not_under_a_token_of_the_past()
    {
        var token = Acquire(_me, _lock).Token;
        Release(_other, _lock);
        Acquire(_other, _lock);

        var error = _objects.Refused(_me, _lock, OnLock.Release(token: token), ObjectErrorCode.NotHeld);
        Assert.Contains("token 2", error.Message, StringComparison.Ordinal);
        Assert.True(_objects.Ask(_me, _lock, OnLock.Status).LockState.Held);
    }

    [Fact]
    public void A_reentrant_lock_counts_and_is_its_owners_alone()
    {
        Assert.Equal((1UL, 1U), (Acquire(_me, _reentrant, owner: 1) is var one ? one.Token : 0, one.Depth));
        Assert.Equal((1UL, 2U), (Acquire(_me, _reentrant, owner: 1) is var two ? two.Token : 0, two.Depth));
        var waiting = _objects.Send(_me, _reentrant, OnLock.Acquire(owner: 2));
        Assert.Null(_objects.Reply(_me, waiting));
        _objects.Refused(_me, _reentrant, OnLock.Release(owner: 2), ObjectErrorCode.NotHeld);
        _objects.Refused(_other, _reentrant, OnLock.Release(owner: 1), ObjectErrorCode.NotHeld);

        Release(_me, _reentrant, owner: 1);
        Assert.Null(_objects.Reply(_me, waiting));
        Release(_me, _reentrant, owner: 1);
        Assert.Equal((2UL, 1U), (_objects.Reply(_me, waiting)!.LockAcquired.Token, _objects.Reply(_me, waiting)!.LockAcquired.Depth));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_lock_of_a_session_that_ended_goes_to_the_next_who_is_told(bool died)
    {
        Acquire(_me, _lock);
        var waiting = _objects.Send(_other, _lock, OnLock.Acquire());
        if (died)
        {
            _objects.Kill(_me);
        }
        else
        {
            _objects.Close(_me);
        }

        var acquired = _objects.Reply(_other, waiting)!.LockAcquired;
        Assert.Equal((2UL, true), (acquired.Token, acquired.WasAbandoned));
        Release(_other, _lock);
        Assert.False(Acquire(_other, _lock).WasAbandoned);
    }

    [Fact]
    public void A_lock_is_kept_through_a_break_that_is_shorter_than_the_lease()
    {
        Acquire(_me, _lock);
        var waiting = _objects.Send(_other, _lock, OnLock.Acquire());
        _objects.Disconnect(_me);
        _objects.Pass(29);
        _objects.Resume(_me);
        _objects.Pass(29);

        Assert.Null(_objects.Reply(_other, waiting));
    }

    [Fact]
    public void A_session_that_died_waits_no_more()
    {
        Acquire(_other, _lock);
        _objects.Send(_me, _lock, OnLock.Acquire());
        var waiting = _objects.Send(_other, _lock, OnLock.Acquire());
        _objects.Kill(_me);
        Release(_other, _lock);

        Assert.False(_objects.Reply(_other, waiting)!.LockAcquired.WasAbandoned);
    }

    [Fact]
    public void A_change_may_ask_for_a_lock_that_is_still_held()
    {
        var dict = _objects.Open(_other, ObjectKind.Dictionary, "guarded");
        var token = Acquire(_me, _lock).Token;
        Assert.Null(_objects.Ask(_me, dict, Fenced(token)).Error);
        _objects.Kill(_me);

        Assert.Equal(0UL, _objects.Refused(_other, dict, Fenced(token), ObjectErrorCode.StaleFence).Token);
        var next = Acquire(_other, _lock).Token;
        Assert.Equal(next, _objects.Refused(_other, dict, Fenced(token), ObjectErrorCode.StaleFence).Token);
        Assert.Null(_objects.Ask(_other, dict, Fenced(next)).Error);
        _objects.Refused(_other, dict, Fenced(0), ObjectErrorCode.StaleFence);
    }

    [Fact]
    public void A_fence_has_to_name_a_lock()
    {
        var dict = _objects.Open(_me, ObjectKind.Dictionary, "guarded");
        var request = OnDict.Set("a", "1");
        request.Fence = new Fence { Lock = dict, Token = 1 };
        _objects.Refused(_me, dict, request, ObjectErrorCode.WrongKind);
        request = OnDict.Set("a", "1");
        request.Fence = new Fence { Lock = 99, Token = 1 };
        _objects.Refused(_me, dict, request, ObjectErrorCode.NotFound);
    }

    [Fact]
    public void Waiting_for_a_lock_can_be_cancelled()
    {
        Acquire(_me, _lock);
        var waiting = _objects.Send(_other, _lock, OnLock.Acquire());
        _objects.Ask(_other, 0, OnLock.Cancel(waiting));
        Release(_me, _lock);

        Assert.Equal(ObjectErrorCode.Cancelled, _objects.Reply(_other, waiting)!.Error.Code);
        Assert.False(_objects.Ask(_me, _lock, OnLock.Status).LockState.Held);
    }

    [Fact]
    public void Tokens_grow_over_a_restored_state()
    {
        Acquire(_me, _lock);
        _objects.Restore();
        Release(_me, _lock);

        Assert.Equal(2UL, Acquire(_other, _lock).Token);
    }

    private LockAcquired Acquire(ulong session, ulong target, ulong owner = 0) => _objects.Ask(session, target, OnLock.Acquire(owner)).LockAcquired;

    private void Release(ulong session, ulong target, ulong owner = 0) => Assert.Null(_objects.Ask(session, target, OnLock.Release(owner)).Error);

    private ObjectRequest Fenced(ulong token)
    {
        var request = OnDict.Set("a", "1");
        request.Fence = new Fence { Lock = _lock, Token = token };
        return request;
    }
}
