using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What a node has taken ahead goes to another that has a slot for it.</summary>
public sealed class ChunkRecallTests : CoordinatorTest
{
    [Fact]
    public async Task A_chunk_behind_an_endless_one_goes_to_the_node_that_becomes_free()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var busy = await ScriptedNode.AttachAsync(coordinator.Address, Hello("busy", prefetch: 1), Deadline);
        using var endless = await OpenAsync(coordinator);
        await endless.SendAsync(RawBatches.Of(0, 1));
        await StartAsync(busy, await busy.ReceiveChunkAsync(Deadline));

        using var free = await ScriptedNode.AttachAsync(coordinator.Address, Hello("free", prefetch: 0), Deadline);
        using var job = await OpenAsync(coordinator);
        await job.SendAsync(RawBatches.Of(0, 1));
        var first = await free.ReceiveChunkAsync(Deadline);
        await StartAsync(free, first);
        await free.AnswerAsync(first.ChunkId, [.. first.Batches.Select(RawBatches.Square)]);
        await job.ReceiveAsync(reply => reply.Results is not null, Deadline);

        // The items are known to be short by now, and may wait where there is room.
        await job.SendAsync(RawBatches.Of(1, 1));
        var stuck = await busy.ReceiveChunkAsync(Deadline);
        await free.EndAsync(first.ChunkId);
        var recall = (await busy.ReceiveAsync(static command => command.CancelChunk is not null, Deadline)).CancelChunk;
        Assert.Equal((stuck.ChunkId, true, null), (recall.ChunkId, recall.UnlessBegun, recall.Grace));
        await busy.EndAsync(stuck.ChunkId, ChunkEnd.Cancelled);
        var again = await free.ReceiveChunkAsync(Deadline);
        Assert.Equal((1UL, 1U), (again.Batches[0].First, again.Attempt));
    }

    private static Hello Hello(string name, uint prefetch) => ScriptedNode.Hello(name, hello => (hello.Slots, hello.Prefetch) = (1, prefetch));

    private static Task StartAsync(ScriptedNode node, RunChunk chunk) =>
        node.SendAsync(new NodeMessage { ChunkStarted = new ChunkStarted { ChunkId = chunk.ChunkId } });

    private Task<ScriptedJob> OpenAsync(TestCoordinator coordinator) =>
        ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 1), Deadline);
}
