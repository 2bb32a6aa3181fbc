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

    private ulong Meet(ulong session) => _objects.Send(session, _barrier, OnLock.Meet);

    private BarrierState State() => _objects.Ask(_me, _barrier, OnLock.Barrier).BarrierState;
}
