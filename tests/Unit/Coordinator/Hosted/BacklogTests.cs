using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What waits for a client that does not read is bounded, whatever it is.</summary>
public sealed class BacklogTests : CoordinatorTest
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task Lines_that_nobody_reads_are_dropped_and_counted()
    {
        const int Messages = 100;
        const int LinesEach = 1000;
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { MaxUndeliveredBytes = MiB });
        using var meter = new MeterRecord(coordinator.Meter);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => (spec.ChunkSize, spec.WantOutput) = (1, true)), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        var output = new Output();
        output.Lines.Add(Enumerable.Repeat(new OutputLine { Text = new string('x', 200) }, LinesEach));
        for (var message = 0; message < Messages; message++)
        {
            await node.SendAsync(new NodeMessage { ChunkOutput = new ChunkOutput { ChunkId = chunk.ChunkId, Output = output } });
        }

        await BeatAsync(node);
        Assert.InRange(meter["cluster.results.undelivered"], 1, MiB + output.CalculateSize() + 1000);
        await node.AnswerAsync(chunk.ChunkId, [.. chunk.Batches]);
        await node.EndAsync(chunk.ChunkId);

        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Single(record.Values);
        var dropped = record.Replies.SelectMany(reply => reply.Output?.Dropped ?? []).ToList();
        Assert.NotEmpty(dropped);
        Assert.All(dropped, lines => Assert.Equal("a", lines.Node));
        Assert.Equal(Messages * LinesEach, record.Replies.Sum(reply => reply.Output?.Lines.Count ?? 0) + dropped.Sum(lines => (long)lines.Lines));
    }

    [Fact]
    public async Task A_part_of_a_large_result_counts_until_it_is_whole()
    {
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { MaxUndeliveredBytes = 2 * MiB });
        using var meter = new MeterRecord(coordinator.Meter);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await OpenAsync(coordinator.Address, items: 4);
        var (large, small) = (await node.ReceiveChunkAsync(Deadline), await node.ReceiveChunkAsync(Deadline));
        for (var part = 0; part < 3; part++)
        {
            await node.AnswerAsync(large.ChunkId, Part(large, part));
        }

        await node.AnswerAsync(small.ChunkId, [.. small.Batches]);
        await node.EndAsync(small.ChunkId);
        await BeatAsync(node);

        // A slot is free and items wait, but there is no room for their results.
        Assert.Equal(1U, Assert.Single(await coordinator.ListNodesAsync()).Chunks);
        Assert.InRange(meter["cluster.results.undelivered"], 3 * MiB, 4 * MiB);

        var collecting = job.CollectAsync(Deadline);
        await node.AnswerAsync(large.ChunkId, Part(large, 3));
        await node.EndAsync(large.ChunkId);
        for (var rest = 0; rest < 2; rest++)
        {
            var chunk = await node.ReceiveChunkAsync(Deadline);
            await node.AnswerAsync(chunk.ChunkId, [.. chunk.Batches]);
            await node.EndAsync(chunk.ChunkId);
        }

        var record = await collecting;
        Assert.Null(record.End!.Error);
        Assert.Equal(4, record.Others.Count);
        Assert.Equal(3, record.Values.Count);
    }

    [Theory]
    [InlineData("the node is gone")]
    [InlineData("the node breaks the protocol")]
    [InlineData("the worker is lost")]
    public async Task A_part_of_a_large_result_counts_no_more_when_the_rest_does_not_come(string reason)
    {
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { MaxUndeliveredBytes = 2 * MiB });
        var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await OpenAsync(coordinator.Address, items: 4);
        var (large, other) = (await node.ReceiveChunkAsync(Deadline), await node.ReceiveChunkAsync(Deadline));
        for (var part = 0; part < 3; part++)
        {
            await node.AnswerAsync(large.ChunkId, Part(large, part));
        }

        switch (reason)
        {
            case "the node breaks the protocol":
                // With the end of the result in the same message.
                await node.AnswerAsync(large.ChunkId, Part(large, 3), Part(large, 2));
                Assert.Equal(
                    StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => node.ReceiveAsync(static _ => false, Deadline))).StatusCode);
                break;
            case "the worker is lost":
                await node.EndAsync(large.ChunkId, ChunkEnd.WorkerLost);
                await node.EndAsync(other.ChunkId, ChunkEnd.Cancelled);
                break;
        }

        if (reason != "the worker is lost")
        {
            node.Dispose();
            await ServeAsync(coordinator.Address, "b");
        }
        else
        {
            Serve(node);
        }

        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Equal(4, record.Values.Count);
    }

    [Fact]
    public async Task Many_items_are_cancelled_with_one_word_while_nobody_reads()
    {
        const int Items = 500_000;
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { MaxUndeliveredBytes = MiB });
        using var meter = new MeterRecord(coordinator.Meter);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.InputStride = 0), Deadline);
        for (ulong first = 0; first < Items; first += Items / 2)
        {
            await job.SendAsync(new Batch { First = first, Count = Items / 2, Format = Format.Raw });
        }

        await job.SendAsync(new RunRequest { CancelItems = new CancelItems { Count = 1_000_000_000_000 } });
        await job.EndAsync(Items);

        // The first failures are here when the others are owed.
        var first1000 = await job.ReceiveAsync(reply => reply.Results is not null, Deadline);
        Assert.InRange(meter["cluster.results.undelivered"], 0, 2 * MiB);
        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Equal(
            Enumerable.Range(0, Items).Select(index => (ulong)index),
            first1000.Results.Failures.Concat(record.Failures).Select(failure => failure.Index));
        Assert.All(record.Failures, failure => Assert.Equal(ErrorKind.Cancelled, failure.Error.Kind));
    }

    [Fact]
    public async Task A_client_that_cancels_for_ever_and_reads_nothing_breaks_the_protocol()
    {
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { MaxUndeliveredBytes = MiB, MaxItemsInFlight = 1000 });
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline);
        for (ulong first = 0; first < 500_000; first += 1000)
        {
            await job.SendAsync(RawBatches.Of(first, 1000));
            await job.SendAsync(new RunRequest { CancelItems = new CancelItems { First = first, Count = 1000 } });
        }

        var end = (await job.CollectAsync(Deadline)).End!;
        Assert.Equal(ErrorKind.Protocol, end.Error.Kind);
        Assert.Contains("`max_items_in_flight`", end.Error.Message, StringComparison.Ordinal);
    }

    private async Task<ScriptedJob> OpenAsync(string address, int items)
    {
        var job = await ScriptedJob.OpenAsync(address, ScriptedJob.Spec(spec => spec.ChunkSize = 1), Deadline);
        await job.SendAsync(RawBatches.Of(0, items));
        await job.EndAsync((ulong)items);
        return job;
    }

    /// <summary>Waits until the coordinator has read everything that the node has sent.</summary>
    private async Task BeatAsync(ScriptedNode node)
    {
        await node.SendAsync(new NodeMessage { Heartbeat = new Heartbeat { Sequence = 1 } });
        await node.ReceiveAsync(command => command.HeartbeatAck is not null, Deadline);
    }

    // A quarter of a result of 4 MiB.
    private static Batch Part(RunChunk chunk, int part) => new()
    {
        First = chunk.Batches[0].First,
        Count = 1,
        Format = Format.Bytes,
        FragmentTotal = 4 * MiB,
        FragmentOffset = (ulong)part * MiB,
        Payload = ByteString.CopyFrom(new byte[MiB]),
    };
}
