using Cluster.Node.Session;
using Cluster.Protocol.V1;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class OutboxTests
{
    private readonly GatedStream _stream = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_lone_message_goes_out_on_the_callers_thread()
    {
        _stream.Open();
        new Outbox(_stream, 100).Send(Message(1));
        Assert.Equal([1ul], _stream.Written);
    }

    [Fact]
    public async Task Messages_leave_in_order_with_heartbeats_first_and_only_the_last_is_flushed()
    {
        var outbox = new Outbox(_stream, 100);
        outbox.Send(Message(1));
        outbox.Post(Message(2));
        outbox.Send(Message(3));
        outbox.SendHeartbeat(new NodeMessage { Heartbeat = new Heartbeat { Sequence = 99 } });
        _stream.Open();
        outbox.Complete();
        await outbox.Completion.WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.Equal([1ul, 99, 2, 3], _stream.Written);
        Assert.Equal([false, true, true, false], _stream.Hints);
        Assert.True(_stream.IsCompleted);
    }

    [Fact]
    public async Task A_full_outbox_lets_nobody_pass_until_there_is_room()
    {
        var outbox = new Outbox(_stream, 100);
        outbox.Post(Message(1), bytes: 99);
        Assert.True(outbox.WaitForRoomAsync(Token).IsCompletedSuccessfully);
        outbox.Post(Message(2), bytes: 1);
        outbox.Flush();
        var room = outbox.WaitForRoomAsync(Token);
        Assert.False(room.IsCompleted);

        _stream.Open();
        await room.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task The_end_of_the_session_lets_everybody_go_and_drops_the_rest()
    {
        var outbox = new Outbox(_stream, 10);
        outbox.Post(Message(1), bytes: 20);
        outbox.Flush();
        outbox.Post(Message(2), bytes: 20);
        var room = outbox.WaitForRoomAsync(Token);
        outbox.Close();

        await room.WaitAsync(TimeSpan.FromSeconds(10), Token);
        _stream.Open();
        outbox.Send(Message(3));
        Assert.DoesNotContain(3ul, _stream.Written);
        await Assert.ThrowsAsync<OperationCanceledException>(() => outbox.Completion);
    }

    [Fact]
    public async Task A_broken_stream_is_reported()
    {
        var outbox = new Outbox(_stream, 10);
        outbox.Send(Message(1));
        _stream.Break(new RpcException(new Status(StatusCode.Unavailable, "gone")));

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => outbox.Completion)).StatusCode);
    }

    private static NodeMessage Message(ulong chunk) => new() { ChunkStarted = new ChunkStarted { ChunkId = chunk } };

    private sealed class GatedStream : IClientStreamWriter<NodeMessage>
    {
        private readonly TaskCompletionSource _gate = new();

        public WriteOptions? WriteOptions { get; set; }

        public List<ulong> Written { get; } = [];

        public List<bool> Hints { get; } = [];

        public bool IsCompleted { get; private set; }

        public void Open() => _gate.TrySetResult();

        public void Break(Exception exception) => _gate.TrySetException(exception);

        public async Task WriteAsync(NodeMessage message)
        {
            Hints.Add(WriteOptions?.Flags == WriteFlags.BufferHint);
            await _gate.Task;
            Written.Add(message.Heartbeat?.Sequence ?? message.ChunkStarted.ChunkId);
        }

        public Task CompleteAsync()
        {
            IsCompleted = true;
            return Task.CompletedTask;
        }
    }
}
