using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Locks;

public sealed class EventTests : IDisposable
{
    private readonly ObjectHarness _objects = new();
    private readonly ulong _me;
    private readonly ulong _event;

    public EventTests()
    {
        _me = _objects.Session();
        _event = _objects.Open(_me, ObjectKind.Event);
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void Setting_lets_all_go_on_and_everybody_from_then_on()
    {
        Assert.False(IsSet());
        var first = Wait();
        var second = Wait(timeout: 10);
        Assert.Null(_objects.Reply(_me, first));
        _objects.Ask(_me, _event, new ObjectRequest { EventSet = new EventSet() });

        Assert.True(_objects.Reply(_me, first)!.Flag);
        Assert.True(_objects.Reply(_me, second)!.Flag);
        Assert.True(_objects.Reply(_me, Wait())!.Flag);
        Assert.True(IsSet());
    }

    [Fact]
    public void After_clearing_one_waits_again()
    {
        _objects.Ask(_me, _event, new ObjectRequest { EventSet = new EventSet() });
        _objects.Ask(_me, _event, new ObjectRequest { EventClear = new EventClear() });

        Assert.False(IsSet());
        Assert.False(_objects.Reply(_me, Wait(timeout: 0))!.Flag);
        var waiting = Wait(timeout: 1);
        _objects.Pass(1);
        Assert.False(_objects.Reply(_me, waiting)!.Flag);
    }

    private ulong Wait(double? timeout = null) => _objects.Send(_me, _event, new ObjectRequest { EventWait = new EventWait() }, timeout);

    private bool IsSet() => _objects.Ask(_me, _event, new ObjectRequest { EventIsSet = new EventIsSet() }).Flag;
}
