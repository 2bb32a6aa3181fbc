using Cluster.Coordinator.Hosting;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Time;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What a node may do, what it may not, and what its end costs.</summary>
public sealed class NodeSessionTests : CoordinatorTest
{
    [Fact]
    public async Task The_end_of_a_nodes_stream_costs_its_unanswered_items_only()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        var dying = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("dying"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 4), Deadline);
        await job.SendAsync(RawBatches.Of(0, 4));
        await job.EndAsync(4);
        var chunk = await dying.ReceiveChunkAsync(Deadline);
        await dying.AnswerAsync(chunk.ChunkId, RawBatches.Of(0, 100, 101));
        await job.ReceiveAsync(reply => reply.Results is not null, Deadline);
        dying.Dispose();
        await ServeAsync(coordinator.Address, "other");

        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Equal<IEnumerable<KeyValuePair<ulong, long>>>(
            [new(2, 4), new(3, 9)], record.Values.Select(item => KeyValuePair.Create(item.Key, Assert.Single(item.Value))).OrderBy(item => item.Key));
    }

    [Fact]
    public async Task A_lost_worker_is_blamed_on_the_item_that_it_ran_alone()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 4), Deadline);
        await job.SendAsync(RawBatches.Of(0, 4));
        await job.EndAsync(4);
        var collecting = job.CollectAsync(Deadline);
        while (!collecting.IsCompleted)
        {
            var receiving = node.ReceiveChunkAsync(Deadline);
            if (await Task.WhenAny(receiving, collecting) == collecting)
            {
                break;
            }

            var chunk = await receiving;
            var poisoned = chunk.Batches.Any(batch => RawBatches.Read(batch).Contains(2));
            if (!poisoned)
            {
                await node.AnswerAsync(chunk.ChunkId, [.. chunk.Batches.Select(RawBatches.Square)]);
            }

            await node.EndAsync(
                chunk.ChunkId,
                poisoned ? ChunkEnd.WorkerLost : ChunkEnd.Done,
                poisoned ? new ErrorInfo { Message = "Killed.", Signal = 11, StderrTail = "last words" } : null);
        }

        var record = await collecting;
        Assert.Equal<IEnumerable<ulong>>([0, 1, 3], record.Values.Keys.Order());
        var failure = Assert.Single(record.Failures);
        Assert.Equal((2UL, ErrorKind.WorkerLost, 11, "last words"), (failure.Index, failure.Error.Kind, failure.Error.Signal, failure.Error.StderrTail));
        Assert.Equal("a", failure.Error.Node);
    }

    [Theory]
    [InlineData(9, 10)]
    [InlineData(15, 10)]
    [InlineData(6, 3)]
    [InlineData(null, 3)]
    public async Task An_item_survives_more_workers_that_were_killed_than_workers_that_died(int? signal, int expected)
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        for (var death = 1; death <= expected; death++)
        {
            var error = new ErrorInfo { Message = "It died." };
            if (signal is int number)
            {
                error.Signal = number;
            }

            await node.EndAsync((await node.ReceiveChunkAsync(Deadline)).ChunkId, ChunkEnd.WorkerLost, error);
        }

        Assert.Equal((uint)expected, Assert.Single((await job.CollectAsync(Deadline)).Failures).Error.Attempt);
    }

    [Fact]
    public async Task An_item_that_takes_node_after_node_down_fails_and_says_where_to_look()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.WantStarted = true), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        for (var i = 1; i <= 5; i++)
        {
            using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello($"n{i}"), Deadline);
            var chunk = await node.ReceiveChunkAsync(Deadline);
            await node.SendAsync(new NodeMessage { ChunkStarted = new ChunkStarted { ChunkId = chunk.ChunkId } });
            Assert.Equal($"n{i}", (await job.ReceiveAsync(reply => reply.Started is not null, Deadline)).Started.Node);
        }

        var failure = Assert.Single((await job.CollectAsync(Deadline)).Failures);
        Assert.Equal((ErrorKind.NodeLost, "n5", 5U, false), (failure.Error.Kind, failure.Error.Node, failure.Error.Attempt, failure.Error.Transient));
        Assert.Contains("in 5 attempts; the last was node 'n5'", failure.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task A_node_that_breaks_the_protocol_loses_its_session_and_nothing_else_is_hurt(string violation, string expected)
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("bad"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 2), Deadline);
        await job.SendAsync(RawBatches.Of(0, 2));
        await job.EndAsync(2);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await node.SendAsync(Violate(violation, chunk.ChunkId));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => node.ReceiveAsync(static _ => false, Deadline));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains(expected, refusal.Status.Detail, StringComparison.Ordinal);

        await ServeAsync(coordinator.Address, "good");
        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Equal(2, record.Values.Count);
    }

    public static TheoryData<string, string> Violations() => new()
    {
        { "short payload", "15" },
        { "foreign items", "holds items 0..1" },
        { "unknown chunk", "does not hold chunk 999" },
        { "late fragment", "without what comes before" },
        { "failure without error", "does not say what failed" },
        { "second hello", "came twice" },
        { "unknown end", "77" },
        { "busy -1 ns", "`busy`" },
        { "busy 1 s -1 ns", "`busy`" },
        { "busy 10,000 years and more", "`busy`" },
        { "elapsed -1 s", "`elapsed`" },
        { "elapsed 10^9 ns", "`elapsed`" },
        { "elapsed for ever", "`elapsed`" },
    };

    [Fact]
    public async Task The_longest_durations_of_protobuf_are_taken()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("slow"), Deadline);
        using var job = await ScriptedJob.OpenAsync(
            coordinator.Address, ScriptedJob.Spec(spec => (spec.ChunkSize, spec.NoNodesTimeout) = (2, new Duration { Seconds = Duration.MaxSeconds })), Deadline);
        await job.SendAsync(RawBatches.Of(0, 2));
        await job.EndAsync(2);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        var longest = new Duration { Seconds = Duration.MaxSeconds, Nanos = Duration.NanosecondsPerSecond - 1 };
        var results = new Results { Batches = { RawBatches.Of(0, 2) }, Busy = longest };
        await node.SendAsync(new NodeMessage { ChunkResults = new ChunkResults { ChunkId = chunk.ChunkId, Results = results } });
        await node.SendAsync(new NodeMessage { ChunkEnded = new ChunkEnded { ChunkId = chunk.ChunkId, End = ChunkEnd.Done, Elapsed = longest } });
        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Equal(2, record.Values.Count);
    }

    [Fact]
    public async Task A_name_in_use_is_refused()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var first = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("twin"), Deadline);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("twin"), Deadline));
        Assert.Equal(StatusCode.AlreadyExists, refusal.StatusCode);
        Assert.Contains("'twin'", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_protocol_version_is_refused_with_both_sides_named()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("new", hello => (hello.ProtocolVersion, hello.Version) = (99, "9.9.9")), Deadline));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains("node new (9.9.9) speaks version 99", refusal.Status.Detail, StringComparison.Ordinal);
        Assert.Contains($"coordinator {CoordinatorHost.Version}", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_node_gets_no_work_then_loses_what_it_holds()
    {
        var time = new ManualTime();
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { Lease = TimeSpan.FromSeconds(5) }, time);
        using var silent = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("silent"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 1), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await silent.ReceiveChunkAsync(Deadline);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(NodeState.Suspect, Assert.Single(await coordinator.ListNodesAsync()).State);

        // The same machine comes back under its name while the old session still hangs.
        await ServeAsync(coordinator.Address, "silent");
        await job.EndAsync(1);
        Assert.Single((await job.CollectAsync(Deadline)).Values);
        var closed = await Assert.ThrowsAsync<RpcException>(() => silent.ReceiveAsync(static _ => false, Deadline));
        Assert.Equal(StatusCode.Aborted, closed.StatusCode);
    }

    [Fact]
    public async Task Silence_for_the_whole_lease_ends_the_session()
    {
        var time = new ManualTime();
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { Lease = TimeSpan.FromSeconds(5) }, time);
        using var silent = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("silent"), Deadline);
        time.Advance(TimeSpan.FromSeconds(6));
        var closed = await Assert.ThrowsAsync<RpcException>(() => silent.ReceiveAsync(static _ => false, Deadline));
        Assert.Equal(StatusCode.DeadlineExceeded, closed.StatusCode);
        Assert.Empty(await coordinator.ListNodesAsync());
    }

    [Fact]
    public async Task A_heartbeat_renews_the_lease()
    {
        var time = new ManualTime();
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { Lease = TimeSpan.FromSeconds(5) }, time);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a", hello => hello.Labels.Add("gpu", "1")), Deadline);
        for (ulong beat = 1; beat <= 4; beat++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await node.SendAsync(new NodeMessage { Heartbeat = new Heartbeat { Sequence = beat } });
            Assert.Equal(beat, (await node.ReceiveAsync(Deadline)).HeartbeatAck.Sequence);
        }

        var listed = Assert.Single(await coordinator.ListNodesAsync());
        Assert.Equal((NodeState.Ready, 2U, "1"), (listed.State, listed.Slots, listed.Labels["gpu"]));
    }

    [Fact]
    public async Task A_node_hears_of_a_job_before_its_first_chunk_and_of_its_end()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        var open = (await node.ReceiveAsync(Deadline)).OpenJob;
        Assert.Equal("squares", open.Spec.Name);
        var run = (await node.ReceiveAsync(Deadline)).RunChunk;
        Assert.Equal((open.Job, 1U, true), (run.Job, run.Attempt, run.Last));
        await node.AnswerAsync(run.ChunkId, [.. run.Batches]);
        await node.EndAsync(run.ChunkId);
        Assert.Equal(open.Job, (await node.ReceiveAsync(Deadline)).CloseJob.Job);
    }

    private static NodeMessage Violate(string violation, ulong chunk)
    {
        var results = new Results();
        switch (violation)
        {
            case "short payload":
                var batch = RawBatches.Of(0, 2);
                batch.Payload = ByteString.CopyFrom(new byte[15]);
                results.Batches.Add(batch);
                break;
            case "foreign items":
                results.Batches.Add(RawBatches.Of(1, 2));
                break;
            case "unknown chunk":
                chunk = 999;
                results.Batches.Add(RawBatches.Of(0, 1));
                break;
            case "late fragment":
                results.Batches.Add(new Batch { Count = 1, Format = Format.Bytes, FragmentTotal = 10, FragmentOffset = 5, Payload = ByteString.CopyFrom(new byte[5]) });
                break;
            case "failure without error":
                results.Failures.Add(new ItemFailure());
                break;
            case "second hello":
                return new NodeMessage { Hello = ScriptedNode.Hello("bad") };
            case "unknown end":
                return new NodeMessage { ChunkEnded = new ChunkEnded { ChunkId = chunk, End = (ChunkEnd)77 } };
            case "busy -1 ns":
                results.Busy = new Duration { Nanos = -1 };
                break;
            case "busy 1 s -1 ns":
                results.Batches.Add(RawBatches.Of(0, 2));
                results.Busy = new Duration { Seconds = 1, Nanos = -1 };
                break;
            case "busy 10,000 years and more":
                results.Batches.Add(RawBatches.Of(0, 2));
                results.Busy = new Duration { Seconds = Duration.MaxSeconds + 1 };
                break;
            case "elapsed -1 s":
                return Ended(new Duration { Seconds = -1 });
            case "elapsed 10^9 ns":
                return Ended(new Duration { Nanos = Duration.NanosecondsPerSecond });
            case "elapsed for ever":
                return Ended(new Duration { Seconds = long.MaxValue });
        }

        return new NodeMessage { ChunkResults = new ChunkResults { ChunkId = chunk, Results = results } };

        NodeMessage Ended(Duration elapsed) => new() { ChunkEnded = new ChunkEnded { ChunkId = chunk, End = ChunkEnd.Done, Elapsed = elapsed } };
    }
}
