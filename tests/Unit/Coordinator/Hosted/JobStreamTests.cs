using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Whole jobs over real streams.</summary>
public sealed class JobStreamTests : CoordinatorTest
{
    private const int BatchItems = 5000;

    [Fact]
    public async Task Every_item_of_a_hundred_thousand_is_answered_once()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await ServeAsync(coordinator.Address, "a");
        await ServeAsync(coordinator.Address, "b");
        AssertSquares(await RunAsync(coordinator.Address, 100_000), 100_000);
    }

    [Fact]
    public async Task An_empty_job_ends()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        AssertSquares(await RunAsync(coordinator.Address, 0), 0);
    }

    [Fact]
    public async Task Two_clients_at_once_get_their_own_results()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await ServeAsync(coordinator.Address, "a");
        var both = await Task.WhenAll(RunAsync(coordinator.Address, 50_000), RunAsync(coordinator.Address, 20_000));
        AssertSquares(both[0], 50_000);
        AssertSquares(both[1], 20_000);
    }

    [Fact]
    public async Task A_client_that_only_ends_its_side_has_sent_everything()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await ServeAsync(coordinator.Address, "a");
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 10));
        await job.CompleteAsync();
        AssertSquares(await job.CollectAsync(Deadline), 10);
    }

    [Fact]
    public async Task An_item_above_16_MiB_travels_in_fragments_both_ways()
    {
        const int Total = 17 << 20;
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(
            coordinator.Address, ScriptedJob.Spec(spec => (spec.InputFormat, spec.InputStride) = (Format.Bytes, 0)), Deadline);
        var item = new byte[Total];
        new Random(1).NextBytes(item);
        foreach (var fragment in Fragments(item))
        {
            await job.SendAsync(fragment);
        }

        await job.EndAsync(1);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        Assert.True(item.AsSpan().SequenceEqual(Concatenate(chunk.Batches)));
        foreach (var fragment in chunk.Batches)
        {
            await node.AnswerAsync(chunk.ChunkId, fragment);
        }

        await node.EndAsync(chunk.ChunkId);
        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.True(item.AsSpan().SequenceEqual(Concatenate(record.Others)));
    }

    [Fact]
    public async Task Failures_name_the_node_and_the_job_goes_on()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 3), Deadline);
        await job.SendAsync(RawBatches.Of(0, 3));
        await job.EndAsync(3);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await node.FailAsync(chunk.ChunkId, 1, "no");
        await node.AnswerAsync(chunk.ChunkId, RawBatches.Of(0, 1), RawBatches.Of(2, 1));
        await node.EndAsync(chunk.ChunkId);

        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Equal<IEnumerable<ulong>>([0, 2], record.Values.Keys.Order());
        var failure = Assert.Single(record.Failures);
        Assert.Equal((1UL, "no", "a", 1U), (failure.Index, failure.Error.Message, failure.Error.Node, failure.Error.Attempt));
    }

    [Fact]
    public async Task The_first_failure_ends_a_job_that_stops_on_errors()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(
            coordinator.Address, ScriptedJob.Spec(spec => (spec.ChunkSize, spec.OnError) = (1, OnError.Stop)), Deadline);
        await job.SendAsync(RawBatches.Of(0, 100));
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await node.FailAsync(chunk.ChunkId, 0, "no");

        var record = await job.CollectAsync(Deadline);
        Assert.Equal(0UL, Assert.Single(record.Failures).Index);
        Assert.Equal(ErrorKind.Cancelled, record.End!.Error.Kind);
    }

    [Fact]
    public async Task Output_comes_before_the_results_of_its_item()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => (spec.ChunkSize, spec.WantOutput) = (1, true)), Deadline);
        await job.SendAsync(RawBatches.Of(0, 4));
        await job.EndAsync(4);
        for (var i = 0; i < 4; i++)
        {
            var chunk = await node.ReceiveChunkAsync(Deadline);
            var line = new OutputLine { Text = "line", Index = chunk.Batches[0].First };
            await node.SendAsync(new NodeMessage { ChunkOutput = new ChunkOutput { ChunkId = chunk.ChunkId, Output = new Output { Lines = { line } } } });
            await node.AnswerAsync(chunk.ChunkId, [.. chunk.Batches]);
            await node.EndAsync(chunk.ChunkId);
        }

        var record = await job.CollectAsync(Deadline);
        for (ulong item = 0; item < 4; item++)
        {
            var printed = record.Replies.FindIndex(reply => reply.Output?.Lines.Any(line => line.Index == item && line.Node == "a") == true);
            var answered = record.Replies.FindIndex(reply => reply.Results?.Batches.Any(batch => batch.First <= item && item < batch.First + batch.Count) == true);
            Assert.InRange(printed, 0, answered - 1);
        }
    }

    [Fact]
    public async Task Progress_ends_with_the_final_numbers_and_started_items_are_named()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await ServeAsync(coordinator.Address, "a");
        using var job = await ScriptedJob.OpenAsync(
            coordinator.Address, ScriptedJob.Spec(spec => (spec.WantProgress, spec.WantStarted) = (true, true)), Deadline);
        await job.SendAsync(RawBatches.Of(0, 10));
        await job.EndAsync(10);

        var record = await job.CollectAsync(Deadline);
        var last = record.Replies.Last(reply => reply.Progress is not null).Progress;
        Assert.Equal((10UL, 10UL, 0UL), (last.Received, last.Completed, last.Failed));
        var started = record.Replies.Where(reply => reply.Started is not null).Select(reply => reply.Started).ToList();
        Assert.Equal(10UL, started.Aggregate(0UL, (sum, items) => sum + items.Count));
        Assert.All(started, items => Assert.Equal("a", items.Node));
    }

    private async Task<JobRecord> RunAsync(string address, int count)
    {
        using var job = await ScriptedJob.OpenAsync(address, ScriptedJob.Spec(), Deadline);
        var sending = SendAsync(job, count);
        var record = await job.CollectAsync(Deadline);
        await sending;
        return record;
    }

    private static async Task SendAsync(ScriptedJob job, int count)
    {
        for (var first = 0; first < count; first += BatchItems)
        {
            await job.SendAsync(RawBatches.Of((ulong)first, Math.Min(BatchItems, count - first)));
        }

        await job.EndAsync((ulong)count);
    }

    private static void AssertSquares(JobRecord record, int count)
    {
        Assert.Null(record.End!.Error);
        Assert.Empty(record.Failures);
        Assert.Equal(count, record.Values.Count);
        Assert.All(record.Values, item => Assert.Equal((long)(item.Key * item.Key), Assert.Single(item.Value)));
    }

    private static byte[] Concatenate(IEnumerable<Batch> fragments) => [.. fragments.SelectMany(batch => batch.Payload)];

    private static IEnumerable<Batch> Fragments(byte[] item)
    {
        for (var offset = 0; offset < item.Length; offset += 1 << 20)
        {
            yield return new Batch
            {
                Count = 1,
                Format = Format.Bytes,
                FragmentTotal = (ulong)item.Length,
                FragmentOffset = (ulong)offset,
                Payload = ByteString.CopyFrom(item, offset, Math.Min(1 << 20, item.Length - offset)),
            };
        }
    }
}
