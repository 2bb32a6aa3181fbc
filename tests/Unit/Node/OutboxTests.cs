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
        Connected(100).Send(Message(1));
        Assert.Equal([1ul], _stream.Written);
    }

    [Fact]
    public async Task Messages_leave_in_order_with_heartbeats_first_and_only_the_last_is_flushed()
    {
        var outbox = Connected(100, out var connection);
        outbox.Send(Message(1));
        outbox.Post(Message(2));
        outbox.Send(Message(3));
        connection.SendHeartbeat(new NodeMessage { Heartbeat = new Heartbeat { Sequence = 99 } });
        _stream.Open();
        connection.Complete();
        await connection.Completion.WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.Equal([1ul, 99, 2, 3], _stream.Written);
        Assert.Equal([false, true, true, false], _stream.Hints);
        Assert.True(_stream.IsCompleted);
    }

    [Fact]
    public async Task A_full_outbox_lets_nobody_pass_until_there_is_room()
    {
        var outbox = Connected(100);
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
    public async Task What_was_written_takes_room_until_it_is_acknowledged()
    {
        _stream.Open();
        var outbox = new Outbox(100, isAcknowledged: true);
        Assert.True(outbox.TryConnect(outbox.CreateWriter(_stream), 0));
        outbox.Post(Message(1), bytes: 50);
        outbox.Post(Message(2), bytes: 50);
        outbox.Flush();
        var room = outbox.WaitForRoomAsync(Token);
        Assert.Equal([1ul, 2], _stream.Written);
        Assert.False(room.IsCompleted);

        Assert.True(outbox.TryAcknowledge(1));
        await room.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.False(outbox.TryAcknowledge(3));
    }

    [Fact]
    public void A_new_connection_gets_what_the_coordinator_has_not_and_what_was_said_between()
    {
        _stream.Open();
        var outbox = new Outbox(100, isAcknowledged: true);
        Assert.True(outbox.TryConnect(outbox.CreateWriter(_stream), 0));
        outbox.Send(Message(1));
        outbox.Send(Message(2));
        outbox.Disconnect();
        outbox.Send(Message(3));
        Assert.Equal([1ul, 2], _stream.Written);

        var second = new GatedStream();
        second.Open();
        Assert.True(outbox.TryConnect(outbox.CreateWriter(second), 1));
        outbox.Send(Message(4));
        Assert.Equal([2ul, 3, 4], second.Written);
        Assert.False(outbox.TryConnect(outbox.CreateWriter(new GatedStream()), 0));
    }

    [Fact]
    public async Task The_end_of_the_session_lets_everybody_go_and_drops_the_rest()
    {
        var outbox = Connected(10, out var connection);
        outbox.Post(Message(1), bytes: 20);
        outbox.Flush();
        outbox.Post(Message(2), bytes: 20);
        var room = outbox.WaitForRoomAsync(Token);
        outbox.Close();
        connection.Close();

        await room.WaitAsync(TimeSpan.FromSeconds(10), Token);
        _stream.Open();
        outbox.Send(Message(3));
        Assert.DoesNotContain(3ul, _stream.Written);
        await Assert.ThrowsAsync<OperationCanceledException>(() => connection.Completion);
    }

    [Fact]
    public async Task A_broken_stream_is_reported()
    {
        Connected(10, out var connection).Send(Message(1));
        _stream.Break(new RpcException(new Status(StatusCode.Unavailable, "gone")));

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => connection.Completion)).StatusCode);
    }

    private Outbox Connected(long capacity) => Connected(capacity, out _);

    private Outbox Connected(long capacity, out ConnectionWriter connection)
    {
        var outbox = new Outbox(capacity, isAcknowledged: false);
        connection = outbox.CreateWriter(_stream);
        Assert.True(outbox.TryConnect(connection, 0));
        return outbox;
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
