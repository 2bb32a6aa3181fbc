using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Locks;

public sealed class BarrierTests : IDisposable
{
    private readonly ObjectHarness _objects = new();
    private readonly ulong _me;
    private readonly ulong _other;
    private readonly ulong _barrier;

    public BarrierTests()
    {
        _me = _objects.Session();
        _other = _objects.Session();
        _barrier = _objects.Open(_me, new ObjectOpen { Kind = ObjectKind.Barrier, Name = "barrier", Barrier = new BarrierOptions { Parties = 3 } });
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void All_go_on_when_the_last_has_come_each_with_its_own_index_and_the_next_round_begins()
    {
        for (var round = 0; round < 2; round++)
        {
            var first = Meet(_me);
            var second = Meet(_other);
            Assert.Null(_objects.Reply(_me, first));
            var third = Meet(_me);

            Assert.Equal([0L, 1L, 2L], [_objects.Reply(_me, first)!.Index, _objects.Reply(_other, second)!.Index, _objects.Reply(_me, third)!.Index]);
        }
    }

    [Fact]
    public void One_that_runs_out_of_time_breaks_it_for_everyone()
    {
        var patient = Meet(_me);
        var other = _objects.Send(_other, _barrier, OnLock.Meet, timeout: 1);
        _objects.Pass(1);

        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, patient)!.Error.Code);
        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_other, other)!.Error.Code);
        _objects.Refused(_me, _barrier, OnLock.Meet, ObjectErrorCode.Broken);
        Assert.True(State().Broken);
    }

    [Fact]
    public void One_that_does_not_want_to_wait_at_all_breaks_it_too()
    {
        var patient = Meet(_me);
        _objects.Refused(_other, _barrier, OnLock.Meet, ObjectErrorCode.Broken, timeout: 0);
        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, patient)!.Error.Code);
    }

    [Fact]
    public void One_that_dies_breaks_it()
    {
        var patient = Meet(_me);
        Meet(_other);
        _objects.Kill(_other);

        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, patient)!.Error.Code);
    }

    [Fact]
    public void One_that_is_cancelled_breaks_it()
    {
        var patient = Meet(_me);
        var cancelled = Meet(_other);
        _objects.Ask(_other, 0, OnLock.Cancel(cancelled));

        Assert.Equal(ObjectErrorCode.Cancelled, _objects.Reply(_other, cancelled)!.Error.Code);
        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, patient)!.Error.Code);
    }

    [Fact]
    public void Aborting_breaks_it_and_resetting_makes_it_as_new()
    {
        var waiting = Meet(_me);
        _objects.Ask(_other, _barrier, OnLock.Abort);
        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, waiting)!.Error.Code);
        _objects.Refused(_me, _barrier, OnLock.Meet, ObjectErrorCode.Broken);
        _objects.Ask(_other, _barrier, OnLock.Reset);
        waiting = Meet(_me);
        Assert.Equal((3U, 1U, false), (State().Parties, State().Waiting, State().Broken));
        _objects.Ask(_other, _barrier, OnLock.Reset);

        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, waiting)!.Error.Code);
        Assert.False(State().Broken);
    }

    [Fact]
    public void It_may_have_a_timeout_of_its_own()
    {
        var barrier = _objects.Open(_me, new ObjectOpen
        {
            Kind = ObjectKind.Barrier,
            Barrier = new BarrierOptions { Parties = 2, Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) },
        });
        var waiting = _objects.Send(_me, barrier, OnLock.Meet);
        _objects.Pass(1);

        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, waiting)!.Error.Code);
    }

    [Fact]
    public void The_last_one_acts_before_the_others_go_on()
    {
        var first = Act(_me);
        var second = Meet(_other);
        var last = Act(_other);
        var action = _objects.Reply(_other, last)!.BarrierAction;
        Assert.Equal(2U, action.Index);
        _objects.Pass(3600);
        Assert.Null(_objects.Reply(_me, first));

        _objects.Ask(_other, _barrier, Release(action));
        Assert.Equal([0L, 1L], [_objects.Reply(_me, first)!.Index, _objects.Reply(_other, second)!.Index]);
        _objects.Refused(_other, _barrier, Release(action), ObjectErrorCode.Broken);
        Assert.False(State().Broken);
    }

    [Fact]
    public void Nobodys_time_runs_out_while_the_last_one_acts()
    {
        var first = _objects.Send(_me, _barrier, OnLock.Meet, timeout: 1);
        Meet(_me);
        var action = _objects.Reply(_other, Act(_other))!.BarrierAction;
        var early = _objects.Send(_me, _barrier, OnLock.Meet, timeout: 1);
        _objects.Pass(10);
        Assert.Null(_objects.Reply(_me, first));
        Assert.Null(_objects.Reply(_me, early));
        _objects.Refused(_me, _barrier, OnLock.Meet, ObjectErrorCode.Broken, timeout: 0);

        // The early one belongs to the next round, and its time begins with that.
        _objects.Ask(_other, _barrier, Release(action));
        Assert.Equal(0L, _objects.Reply(_me, first)!.Index);
        Assert.Equal(1U, State().Waiting);
        _objects.Pass(1);
        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, early)!.Error.Code);
    }

    [Fact]
    public void Those_who_come_while_the_last_one_acts_may_be_the_whole_next_round_and_more()
    {
        Meet(_me);
        Meet(_me);
        var action = _objects.Reply(_other, Act(_other))!.BarrierAction;
        ulong[] next = [Act(_me), Meet(_me), Act(_other), Meet(_me), Meet(_me)];
        _objects.Ask(_other, _barrier, Release(action));
        var following = _objects.Reply(_other, next[2])!.BarrierAction;
        Assert.Null(_objects.Reply(_me, next[0]));
        Assert.Equal(4U, State().Waiting);
        _objects.Ask(_other, _barrier, Release(following));
        Assert.Equal([0L, 1L], [_objects.Reply(_me, next[0])!.Index, _objects.Reply(_me, next[1])!.Index]);
        Assert.Equal(2U, State().Waiting);
        Assert.Equal(2L, _objects.Reply(_other, Meet(_other))!.Index);
        Assert.Equal([0L, 1L], [_objects.Reply(_me, next[3])!.Index, _objects.Reply(_me, next[4])!.Index]);
    }

    [Theory]
    [InlineData("fails")]
    [InlineData("dies")]
    [InlineData("is aborted")]
    [InlineData("is reset")]
    [InlineData("loses another")]
    public void An_action_that_does_not_end_well_breaks_it(string how)
    {
        var actor = _objects.Session();
        var patient = Meet(_me);
        var other = Meet(_other);
        var action = _objects.Reply(actor, Act(actor))!.BarrierAction;
        var early = Meet(_me);
        switch (how)
        {
            case "fails":
                _objects.Ask(actor, _barrier, new ObjectRequest { BarrierRelease = new BarrierRelease { Token = action.Token, Failed = true } });
                break;
            case "dies":
                _objects.Kill(actor);
                break;
            case "is aborted":
                _objects.Ask(_me, _barrier, OnLock.Abort);
                break;
            case "is reset":
                _objects.Ask(_me, _barrier, OnLock.Reset);
                break;
            default:
                _objects.Ask(_other, 0, OnLock.Cancel(other));
                break;
        }

        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, patient)!.Error.Code);
        Assert.Equal(ObjectErrorCode.Broken, _objects.Reply(_me, early)!.Error.Code);
        Assert.Equal(how != "is reset", State().Broken);
        if (how != "dies")
        {
            _objects.Refused(actor, _barrier, Release(action), ObjectErrorCode.Broken);
        }
    }

    [Fact]
    public void One_that_is_early_may_leave_again()
    {
        Meet(_me);
        Meet(_me);
        var action = _objects.Reply(_other, Act(_other))!.BarrierAction;
        var early = Meet(_me);
        _objects.Ask(_me, 0, OnLock.Cancel(early));
        Assert.False(State().Broken);
        _objects.Ask(_other, _barrier, Release(action));
        Assert.Equal(0U, State().Waiting);
    }

    [Fact]
    public void A_barrier_for_one_never_waits() =>
        Assert.Equal(0L, _objects.Ask(_me, _objects.Open(_me, new ObjectOpen { Kind = ObjectKind.Barrier, Barrier = new BarrierOptions { Parties = 1 } }), OnLock.Meet).Index);

    [Fact]
    public void A_barrier_for_nobody_is_refused()
    {
        _objects.Refused(_me, 0, new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Barrier } }, ObjectErrorCode.Invalid);
        _objects.Refused(_me, 0, new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Barrier, Barrier = new BarrierOptions() } }, ObjectErrorCode.Invalid);
        var negative = new BarrierOptions { Parties = 2, Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(-1)) };
        _objects.Refused(_me, 0, new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Barrier, Barrier = negative } }, ObjectErrorCode.Invalid);
    }

    private static ObjectRequest Release(BarrierAction action) => new() { BarrierRelease = new BarrierRelease { Token = action.Token } };

    private ulong Act(ulong session) => _objects.Send(session, _barrier, new ObjectRequest { BarrierWait = new BarrierWait { HasAction = true } });

    private ulong Meet(ulong session) => _objects.Send(session, _barrier, OnLock.Meet);

    private BarrierState State() => _objects.Ask(_me, _barrier, OnLock.Barrier).BarrierState;
}
