using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>A session that can be resumed outlives its connection, with everything in it.</summary>
public sealed class SessionResumeTests : CoordinatorTest
{
    [Fact]
    public async Task A_node_that_comes_back_keeps_its_work_and_delivers_it()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await AttachAsync(coordinator);
        using var job = await OpenAsync(coordinator, count: 2);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await node.SendAsync(new NodeMessage { ChunkStarted = new ChunkStarted { ChunkId = chunk.ChunkId } });
        await job.ReceiveAsync(reply => reply.Started is not null, Deadline);
        node.Dispose();

        // It has heard of the job and of the chunk.
        using var again = await ResumeAsync(coordinator, node, received: 2);
        Assert.True(again.Welcome.Resumed);
        Assert.Equal(1ul, again.Welcome.Received);
        await again.AnswerAsync(chunk.ChunkId, [.. chunk.Batches.Select(RawBatches.Square)]);
        await again.EndAsync(chunk.ChunkId);

        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Equal<IEnumerable<ulong>>([0, 1], record.Values.Keys.Order());
        Assert.All(record.Values.Values, values => Assert.Single(values));
    }

    [Fact]
    public async Task What_the_node_has_not_heard_is_said_again()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await AttachAsync(coordinator);
        using var job = await OpenAsync(coordinator, count: 1);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        node.Dispose();

        using var again = await ResumeAsync(coordinator, node, received: 0);
        Assert.Equal(1u, (await again.ReceiveAsync(Deadline)).OpenJob?.Job is > 0 ? 1u : 0u);
        var repeated = await again.ReceiveChunkAsync(Deadline);
        Assert.Equal((chunk.ChunkId, 1u), (repeated.ChunkId, repeated.Attempt));
    }

    [Fact]
    public async Task What_was_acknowledged_is_not_kept()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await AttachAsync(coordinator);
        using var job = await OpenAsync(coordinator, count: 1);
        await node.ReceiveChunkAsync(Deadline);
        await node.SendAsync(new NodeMessage { Acknowledged = new Acknowledged { Received = 2 } });
        await node.SendAsync(new NodeMessage { Heartbeat = new Heartbeat { Sequence = 1 } });
        await node.ReceiveAsync(static command => command.HeartbeatAck is not null, Deadline);
        node.Dispose();

        // It cannot be said again, so this is another session.
        using var again = await ResumeAsync(coordinator, node, received: 1);
        Assert.False(again.Welcome.Resumed);
    }

    [Fact]
    public async Task Others_run_what_a_node_has_that_stays_away_and_its_own_answer_comes_too_late()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await AttachAsync(coordinator);
        using var job = await OpenAsync(coordinator, count: 1);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        node.Dispose();
        await ServeAsync(coordinator.Address, "other");

        var record = await job.CollectAsync(Deadline);
        Assert.Equal<IEnumerable<ulong>>([0], record.Values.Keys);
        Assert.Single(record.Values[0]);
        using var late = await ResumeAsync(coordinator, node, received: 2);
        Assert.True(late.Welcome.Resumed);
        var cancel = await late.ReceiveAsync(static command => command.CancelChunk is not null, Deadline);
        Assert.Equal(chunk.ChunkId, cancel.CancelChunk.ChunkId);
        await late.AnswerAsync(chunk.ChunkId, [.. chunk.Batches.Select(RawBatches.Square)]);
        await late.EndAsync(chunk.ChunkId);
        await late.ReceiveAsync(static command => command.CloseJob is not null, Deadline);
    }

    [Fact]
    public async Task A_node_that_stays_away_for_its_whole_lease_is_lost()
    {
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { Lease = TimeSpan.FromMilliseconds(300) });
        using var node = await AttachAsync(coordinator);
        using var job = await OpenAsync(coordinator, count: 1);
        await node.ReceiveChunkAsync(Deadline);
        node.Dispose();

        // Until then it is the only node, and shown as one that may come back.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while ((await coordinator.ListNodesAsync()).Count > 0)
        {
            await timer.WaitForNextTickAsync(Deadline);
        }

        using var late = await ResumeAsync(coordinator, node, received: 2);
        Assert.False(late.Welcome.Resumed);
        Assert.NotEqual(node.Welcome.Session, late.Welcome.Session);
        Assert.Equal(2u, (await late.ReceiveChunkAsync(Deadline)).Attempt);
    }

    [Fact]
    public async Task A_stranger_cannot_take_a_session_up()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await AttachAsync(coordinator);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => ScriptedNode.AttachAsync(
            coordinator.Address, Hello(hello => hello.Resume = new ResumeSession { Session = new string('0', node.Welcome.Session.Length) }), Deadline));
        Assert.Equal(StatusCode.AlreadyExists, refusal.StatusCode);
    }

    [Fact]
    public async Task A_second_connection_takes_over_from_one_that_looks_alive()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await AttachAsync(coordinator);
        using var job = await OpenAsync(coordinator, count: 1);
        var chunk = await node.ReceiveChunkAsync(Deadline);

        using var again = await ResumeAsync(coordinator, node, received: 2);
        Assert.True(again.Welcome.Resumed);
        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(() => node.ReceiveAsync(static _ => false, Deadline))).StatusCode);
        await again.AnswerAsync(chunk.ChunkId, [.. chunk.Batches.Select(RawBatches.Square)]);
        await again.EndAsync(chunk.ChunkId);
        Assert.Null((await job.CollectAsync(Deadline)).End!.Error);
    }

    [Fact]
    public async Task A_node_that_acknowledges_what_it_was_never_told_loses_its_session()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await AttachAsync(coordinator);
        await node.SendAsync(new NodeMessage { Acknowledged = new Acknowledged { Received = 7 } });
        var refusal = await Assert.ThrowsAsync<RpcException>(() => node.ReceiveAsync(static _ => false, Deadline));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains("acknowledges command 7", refusal.Status.Detail, StringComparison.Ordinal);
    }

    private static Hello Hello(Action<Hello>? change = null) => ScriptedNode.Hello("a", hello =>
    {
        hello.Resumable = true;
        change?.Invoke(hello);
    });

    private Task<ScriptedNode> AttachAsync(TestCoordinator coordinator) => ScriptedNode.AttachAsync(coordinator.Address, Hello(), Deadline);

    private Task<ScriptedNode> ResumeAsync(TestCoordinator coordinator, ScriptedNode last, ulong received) => ScriptedNode.AttachAsync(
        coordinator.Address, Hello(hello => hello.Resume = new ResumeSession { Session = last.Welcome.Session, Received = received }), Deadline);

    private async Task<ScriptedJob> OpenAsync(TestCoordinator coordinator, int count)
    {
        var job = await ScriptedJob.OpenAsync(
            coordinator.Address,
            ScriptedJob.Spec(spec =>
            {
                spec.ChunkSize = (uint)count;
                spec.WantStarted = true;
            }),
            Deadline);
        await job.SendAsync(RawBatches.Of(0, [.. Enumerable.Range(0, count).Select(i => (long)i)]));
        await job.EndAsync((ulong)count);
        return job;
    }
}
