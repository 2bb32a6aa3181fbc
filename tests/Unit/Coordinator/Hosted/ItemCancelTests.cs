using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What nodes are told about single items that a client withdraws.</summary>
public sealed class ItemCancelTests : CoordinatorTest
{
    [Fact]
    public async Task A_chunk_with_other_items_in_it_is_asked_for_unless_it_has_begun()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await OpenAsync(coordinator, items: 2);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await job.SendAsync(new RunRequest { CancelItems = new CancelItems { First = 1, Count = 1 } });
        var cancel = await ReceiveCancelAsync(node);
        Assert.Equal((chunk.ChunkId, true, null), (cancel.ChunkId, cancel.UnlessBegun, cancel.Grace));
        await node.EndAsync(chunk.ChunkId, ChunkEnd.Cancelled);

        var again = await node.ReceiveChunkAsync(Deadline);
        Assert.Equal((0UL, 1U, 1U), (again.Batches[0].First, again.Batches[0].Count, again.Attempt));
        await node.AnswerAsync(again.ChunkId, [.. again.Batches.Select(RawBatches.Square)]);
        await node.EndAsync(again.ChunkId);
        var record = await job.CollectAsync(Deadline);
        Assert.Equal(0UL, Assert.Single(record.Values).Key);
        Assert.Equal((1UL, ErrorKind.Cancelled), (Assert.Single(record.Failures).Index, record.Failures[0].Error.Kind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chunk_without_other_items_is_asked_to_stop_and_only_force_sets_a_limit(bool force)
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await OpenAsync(coordinator, items: 2);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await job.SendAsync(new RunRequest { CancelItems = new CancelItems { First = 0, Count = 2, Force = force } });
        var cancel = await ReceiveCancelAsync(node);
        Assert.Equal((chunk.ChunkId, false, force), (cancel.ChunkId, cancel.UnlessBegun, cancel.Grace is not null));
    }

    private async Task<ScriptedJob> OpenAsync(TestCoordinator coordinator, uint items)
    {
        var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = items), Deadline);
        await job.SendAsync(RawBatches.Of(0, (int)items));
        await job.EndAsync(items);
        return job;
    }

    private async Task<CancelChunk> ReceiveCancelAsync(ScriptedNode node) =>
        (await node.ReceiveAsync(static command => command.CancelChunk is not null, Deadline)).CancelChunk;
}
