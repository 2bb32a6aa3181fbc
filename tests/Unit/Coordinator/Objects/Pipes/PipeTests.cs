using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Pipes;

public sealed class PipeTests : IDisposable
{
    private readonly ObjectHarness _objects = new();
    private readonly ulong _me;
    private readonly ulong _other;
    private readonly ulong _pipe;

    public PipeTests()
    {
        _me = _objects.Session();
        _other = _objects.Session();
        _pipe = _objects.Open(_me, ObjectKind.Pipe, "pipe");
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void Each_end_receives_what_the_other_sent()
    {
        Send(PipeEnd.Left, "a", "b");
        Send(PipeEnd.Right, "c");

        Assert.Equal(["a", "b"], [Receive(PipeEnd.Right), Receive(PipeEnd.Right)]);
        Assert.Equal("c", Receive(PipeEnd.Left));
    }

    [Fact]
    public void Receivers_wait_in_their_order()
    {
        var first = _objects.Send(_me, _pipe, ReceiveRequest(PipeEnd.Right));
        var second = _objects.Send(_me, _pipe, ReceiveRequest(PipeEnd.Right));
        Send(PipeEnd.Left, "a", "b");

        Assert.Equal(["a", "b"], [_objects.Reply(_me, first)!.Value.Read(), _objects.Reply(_me, second)!.Value.Read()]);
    }

    [Fact]
    public void Polling_says_whether_there_is_something_to_receive()
    {
        Assert.False(_objects.Ask(_me, _pipe, PollRequest(PipeEnd.Right), timeout: 0).Flag);
        var inTime = _objects.Send(_me, _pipe, PollRequest(PipeEnd.Right), timeout: 5);
        var tooLate = _objects.Send(_me, _pipe, PollRequest(PipeEnd.Left), timeout: 5);
        Send(PipeEnd.Left, "a");
        _objects.Pass(5);

        Assert.True(_objects.Reply(_me, inTime)!.Flag);
        Assert.False(_objects.Reply(_me, tooLate)!.Flag);
        Assert.Equal("a", Receive(PipeEnd.Right));
        _objects.Refused(_me, _pipe, ReceiveRequest(PipeEnd.Right), ObjectErrorCode.Empty, timeout: 0);
    }

    [Fact]
    public void After_the_other_end_was_closed_what_it_sent_can_be_received_and_then_the_stream_ends()
    {
        Send(PipeEnd.Left, "a");
        Assert.True(Close(PipeEnd.Left));
        Assert.False(Close(PipeEnd.Left));

        Assert.True(_objects.Ask(_me, _pipe, PollRequest(PipeEnd.Right)).Flag);
        Assert.Equal("a", Receive(PipeEnd.Right));
        Assert.True(_objects.Ask(_me, _pipe, PollRequest(PipeEnd.Right)).Flag);
        _objects.Refused(_me, _pipe, ReceiveRequest(PipeEnd.Right), ObjectErrorCode.EndOfStream);
        _objects.Refused(_me, _pipe, SendRequest(PipeEnd.Right, "b"), ObjectErrorCode.Closed);
        _objects.Refused(_me, _pipe, SendRequest(PipeEnd.Left, "b"), ObjectErrorCode.Closed);
        _objects.Refused(_me, _pipe, ReceiveRequest(PipeEnd.Left), ObjectErrorCode.Closed);
    }

    [Fact]
    public void Closing_ends_those_who_wait()
    {
        var receive = _objects.Send(_me, _pipe, ReceiveRequest(PipeEnd.Right));
        var poll = _objects.Send(_me, _pipe, PollRequest(PipeEnd.Right));
        var own = _objects.Send(_me, _pipe, ReceiveRequest(PipeEnd.Left));
        Close(PipeEnd.Left);

        Assert.Equal(ObjectErrorCode.EndOfStream, _objects.Reply(_me, receive)!.Error.Code);
        Assert.True(_objects.Reply(_me, poll)!.Flag);
        Assert.Equal(ObjectErrorCode.Closed, _objects.Reply(_me, own)!.Error.Code);
    }

    [Fact]
    public void An_end_is_closed_with_the_session_that_used_it_last()
    {
        _objects.Ask(_other, _pipe, SendRequest(PipeEnd.Left, "a"));
        Assert.Equal("a", Receive(PipeEnd.Right));
        var receive = _objects.Send(_me, _pipe, ReceiveRequest(PipeEnd.Right));
        _objects.Kill(_other);

        Assert.Equal(ObjectErrorCode.EndOfStream, _objects.Reply(_me, receive)!.Error.Code);
    }

    [Fact]
    public void An_end_that_was_handed_on_survives_the_session_that_had_it_before()
    {
        _objects.Ask(_me, _pipe, SendRequest(PipeEnd.Left, "a"));
        _objects.Ask(_other, _pipe, SendRequest(PipeEnd.Left, "b"));
        _objects.Kill(_me);

        Assert.Equal("a", _objects.Ask(_other, _pipe, ReceiveRequest(PipeEnd.Right)).Value.Read());
        Assert.Null(_objects.Ask(_other, _pipe, SendRequest(PipeEnd.Left, "c")).Error);
    }

    [Fact]
    public void A_one_way_pipe_goes_from_right_to_left_as_in_Python()
    {
        var pipe = _objects.Open(_me, new ObjectOpen { Kind = ObjectKind.Pipe, Pipe = new PipeOptions { OneWay = true } });

        Assert.Null(_objects.Ask(_me, pipe, SendRequest(PipeEnd.Right, "a")).Error);
        Assert.Equal("a", _objects.Ask(_me, pipe, ReceiveRequest(PipeEnd.Left)).Value.Read());
        _objects.Refused(_me, pipe, SendRequest(PipeEnd.Left, "a"), ObjectErrorCode.Invalid);
        _objects.Refused(_me, pipe, ReceiveRequest(PipeEnd.Right), ObjectErrorCode.Invalid);
    }

    [Fact]
    public void Senders_wait_for_room()
    {
        var pipe = _objects.Open(_me, new ObjectOpen { Kind = ObjectKind.Pipe, Pipe = new PipeOptions { Capacity = 1 } });
        Assert.Null(_objects.Ask(_me, pipe, SendRequest(PipeEnd.Left, "a")).Error);
        _objects.Refused(_me, pipe, SendRequest(PipeEnd.Left, "x"), ObjectErrorCode.Full, timeout: 0);
        var second = _objects.Send(_me, pipe, SendRequest(PipeEnd.Left, "b"));
        var third = _objects.Send(_me, pipe, SendRequest(PipeEnd.Left, "c"));

        Assert.Equal("a", _objects.Ask(_me, pipe, ReceiveRequest(PipeEnd.Right)).Value.Read());
        Assert.Equal(ObjectReply.ResultOneofCase.Done, _objects.Reply(_me, second)!.ResultCase);
        _objects.Ask(_me, pipe, new ObjectRequest { PipeClose = new PipeClose { End = PipeEnd.Right } });
        Assert.Equal(ObjectErrorCode.Closed, _objects.Reply(_me, third)!.Error.Code);
    }

    [Fact]
    public void A_request_has_to_say_its_end()
    {
        _objects.Refused(_me, _pipe, SendRequest(PipeEnd.Unspecified, "a"), ObjectErrorCode.Invalid);
        _objects.Refused(_me, _pipe, ReceiveRequest((PipeEnd)7), ObjectErrorCode.Invalid);
        _objects.Refused(_me, _pipe, PollRequest(PipeEnd.Unspecified), ObjectErrorCode.Invalid);
        _objects.Refused(_me, _pipe, new ObjectRequest { PipeClose = new PipeClose() }, ObjectErrorCode.Invalid);
    }

    private static ObjectRequest SendRequest(PipeEnd end, string value) => new() { PipeSend = new PipeSend { End = end, Value = Text.Of(value) } };

    private static ObjectRequest ReceiveRequest(PipeEnd end) => new() { PipeReceive = new PipeReceive { End = end } };

    private static ObjectRequest PollRequest(PipeEnd end) => new() { PipePoll = new PipePoll { End = end } };

    private void Send(PipeEnd end, params string[] values)
    {
        foreach (var value in values)
        {
            Assert.Null(_objects.Ask(_me, _pipe, SendRequest(end, value)).Error);
        }
    }

    private string Receive(PipeEnd end) => _objects.Ask(_me, _pipe, ReceiveRequest(end)).Value.Read();

    private bool Close(PipeEnd end) => _objects.Ask(_me, _pipe, new ObjectRequest { PipeClose = new PipeClose { End = end } }).Flag;
}
