using Cluster.Client;
using Cluster.Coordinator.Journal;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>The coordinator's instruments move as jobs run and nodes come and go.</summary>
public sealed class MetricsTests : CoordinatorTest
{
    [Fact]
    public async Task A_job_moves_the_counters_and_the_gauges()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var metrics = new MeterRecord(coordinator.Meter);
        Assert.Equal((0, 0, 0), (metrics["cluster.nodes.attached"], metrics["cluster.slots"], metrics["cluster.jobs.active"]));

        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a", hello => hello.Slots = 3), Deadline);
        Assert.Equal((1, 3), (metrics["cluster.nodes.attached"], metrics["cluster.slots"]));

        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 1), Deadline);
        await job.SendAsync(RawBatches.Of(0, 3));
        await job.EndAsync(3);
        RunChunk[] chunks = [await node.ReceiveChunkAsync(Deadline), await node.ReceiveChunkAsync(Deadline), await node.ReceiveChunkAsync(Deadline)];
        Assert.Equal((1, 3, 3), (metrics["cluster.jobs.active"], metrics["cluster.chunks.dispatched"], metrics["cluster.chunks.held"]));
        Assert.Equal((3 * sizeof(long), 0, 0), (metrics["cluster.inputs.size"], metrics["cluster.items.answered"], metrics["cluster.items.failed"]));

        await node.FailAsync(chunks[0].ChunkId, chunks[0].Batches[0].First, "no.");
        await node.AnswerAsync(chunks[1].ChunkId, RawBatches.Square(chunks[1].Batches[0]));
        await node.AnswerAsync(chunks[2].ChunkId, RawBatches.Square(chunks[2].Batches[0]));
        foreach (var chunk in chunks)
        {
            await node.EndAsync(chunk.ChunkId);
        }

        await job.CollectAsync(Deadline);
        Assert.Equal((2, 1, 2 * sizeof(long)), (metrics["cluster.items.answered"], metrics["cluster.items.failed"], metrics["cluster.results.size"]));
        Assert.Equal((3, 3, 1), (metrics["cluster.chunks.dispatched"], metrics["cluster.chunk.time"], metrics["cluster.jobs.opened"]));
        await metrics.WaitAsync("cluster.job.time", value => value == 1, Deadline);
        await metrics.WaitAsync("cluster.jobs.active", value => value == 0, Deadline);
        await metrics.WaitAsync("cluster.chunks.held", value => value == 0, Deadline);
        Assert.Equal(0, metrics["cluster.nodes.lost"]);
    }

    [Fact]
    public async Task Shared_objects_and_their_journal_move_theirs()
    {
        var data = Directory.CreateTempSubdirectory("cluster-metrics-");
        await using (var coordinator = await TestCoordinator.StartAsync(options => options with { DataDirectory = data.FullName, Fsync = FsyncPolicy.Always }))
        {
            using var metrics = new MeterRecord(coordinator.Meter);
            Assert.Equal((0, 0), (metrics["cluster.objects"], metrics["cluster.objects.queued"]));
            await using (var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Deadline))
            {
                var queue = client.Queue<int>("q");
                await queue.PutAsync(1, cancellationToken: Deadline);
                await queue.PutAsync(2, cancellationToken: Deadline);
                var waits = client.Queue<int>("empty").GetAsync(cancellationToken: Deadline);
                await metrics.WaitAsync("cluster.objects.waiting", value => value == 1, Deadline);
                Assert.Equal((2, 2, 1), (metrics["cluster.objects"], metrics["cluster.objects.queued"], metrics["cluster.objects.sessions"]));
                Assert.True(metrics["cluster.objects.size"] > 0);
                Assert.True(metrics["cluster.objects.request.time"] >= 4);
                await client.Queue<int>("empty").PutAsync(3, cancellationToken: Deadline);
                Assert.Equal(3, await waits);
                Assert.Equal(0, metrics["cluster.objects.refused"]);
                await Assert.ThrowsAsync<QueueEmptyException>(async () => await client.Queue<int>("empty").GetAsync(TimeSpan.Zero, Deadline));
                Assert.Equal(1, metrics["cluster.objects.refused"]);
            }

            Assert.True(metrics["cluster.journal.entries"] >= 4);
            Assert.True(metrics["cluster.journal.written"] > 0);
            Assert.True(metrics["cluster.journal.size"] >= metrics["cluster.journal.written"]);
            Assert.True(metrics["cluster.journal.append.time"] > 0);
            Assert.True(metrics["cluster.journal.fsync.time"] >= metrics["cluster.journal.append.time"]);
        }

        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Only_a_node_that_goes_without_a_goodbye_is_lost()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var metrics = new MeterRecord(coordinator.Meter);
        using var polite = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("polite"), Deadline);
        var killed = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("killed"), Deadline);

        await polite.SendAsync(new NodeMessage { Goodbye = new Goodbye() });
        await metrics.WaitAsync("cluster.nodes.attached", value => value == 1, Deadline);
        killed.Dispose();
        await metrics.WaitAsync("cluster.nodes.attached", value => value == 0, Deadline);

        await metrics.WaitAsync("cluster.nodes.lost", value => value == 1, Deadline);
        Assert.Equal(0, metrics["cluster.slots"]);
    }

    [Fact]
    public async Task Results_that_wait_for_a_slow_client_are_seen()
    {
        const int Items = 20;
        var payload = ByteString.CopyFrom(new byte[1 << 20]);
        var lengths = ByteString.CopyFrom(BitConverter.GetBytes(payload.Length));
        await using var coordinator = await TestCoordinator.StartAsync();
        using var metrics = new MeterRecord(coordinator.Meter);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 1), Deadline);
        await job.SendAsync(RawBatches.Of(0, Items));
        await job.EndAsync(Items);
        var serving = node.ServeAsync(batch => new Batch { First = batch.First, Count = 1, Format = Format.Bytes, Lengths = lengths, Payload = payload }, Deadline);

        await metrics.WaitAsync("cluster.results.undelivered", value => value >= payload.Length, Deadline);
        await job.CollectAsync(Deadline);

        await metrics.WaitAsync("cluster.results.undelivered", value => value == 0, Deadline);
        Assert.Equal(Items * (long)payload.Length, metrics["cluster.results.size"]);
        await node.SendAsync(new NodeMessage { Goodbye = new Goodbye() });
        await serving;
    }
}
