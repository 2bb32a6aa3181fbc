using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>A client that does not read costs its own job its slots, and nobody else anything.</summary>
public sealed class SlowReaderTests : CoordinatorTest
{
    private const int Items = 200;

    [Fact]
    public async Task A_client_that_does_not_read_pauses_its_own_job_only()
    {
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { MaxUndeliveredBytes = 4 << 20 });
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var slow = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 1), Deadline);
        await slow.SendAsync(RawBatches.Of(0, Items));
        await slow.EndAsync(Items);

        using var quick = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => (spec.ChunkSize, spec.Name) = (1, "quick")), Deadline);
        var serving = AnswerUntilClosedAsync(node, result: new byte[1 << 20]);
        // The slow job runs into its bound, far from its end; then the node is free for the other.
        await quick.SendAsync(RawBatches.Of(0, 3));
        await quick.EndAsync(3);
        Assert.Equal(3UL, Count(await quick.CollectAsync(Deadline)));
        var listed = Assert.Single(await coordinator.ListNodesAsync());
        Assert.InRange(listed.Items, 3UL, (ulong)Items / 2);

        Assert.Equal((ulong)Items, Count(await slow.CollectAsync(Deadline)));
        await node.SendAsync(new NodeMessage { Goodbye = new Goodbye() });
        await serving;
    }

    // Results of a format of their own: the layout of results is the worker's choice.
    private async Task AnswerUntilClosedAsync(ScriptedNode node, byte[] result)
    {
        var payload = ByteString.CopyFrom(result);
        var lengths = ByteString.CopyFrom(BitConverter.GetBytes(result.Length));
        await node.ServeAsync(batch => new Batch { First = batch.First, Count = 1, Format = Format.Bytes, Lengths = lengths, Payload = payload }, Deadline);
    }

    private static ulong Count(JobRecord record)
    {
        Assert.Null(record.End!.Error);
        return (ulong)record.Replies.Sum(reply => reply.Results?.Batches.Sum(batch => (long)batch.Count) ?? 0);
    }
}
