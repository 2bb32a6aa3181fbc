using Cluster.Coordinator.Hosting;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Time;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Jobs that are refused, that end early, and clients that break the protocol.</summary>
public sealed class JobRefusalTests : CoordinatorTest
{
    [Fact]
    public async Task The_first_request_must_open_the_job()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var job = ScriptedJob.Connect(coordinator.Address);
        await job.EndAsync(0);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => job.ReceiveAsync(Deadline));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task Another_protocol_version_is_refused()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ProtocolVersion = 99), Deadline));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains("client speaks version 99", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Duration.MaxSeconds + 1, 0)]
    [InlineData(460_000_000_000, 0)]
    [InlineData(1, -1)]
    public async Task A_timeout_that_is_none_is_refused_and_the_coordinator_goes_on(long seconds, int nanos)
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        var spec = ScriptedJob.Spec(spec => spec.NoNodesTimeout = new Duration { Seconds = seconds, Nanos = nanos });
        var refusal = await Assert.ThrowsAsync<RpcException>(() => ScriptedJob.OpenAsync(coordinator.Address, spec, Deadline));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains("`no_nodes_timeout`", refusal.Status.Detail, StringComparison.Ordinal);

        await ServeAsync(coordinator.Address, "a");
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        Assert.Null((await job.CollectAsync(Deadline)).End!.Error);
    }

    [Fact]
    public async Task A_spec_that_exceeds_what_nodes_take_costs_no_node_its_session()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await ServeAsync(coordinator.Address, "a");
        var attached = Assert.Single(await coordinator.ListNodesAsync()).AttachedAt;

        // Fits into the request, and would not fit any more with the job's number around it.
        var spec = ScriptedJob.Spec(spec => spec.Function.Target = ByteString.CopyFrom(new byte[Limits.MaxMessageBytes - 200]));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => ScriptedJob.OpenAsync(coordinator.Address, spec, Deadline));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains("`function.target`", refusal.Status.Detail, StringComparison.Ordinal);

        // The largest that is taken reaches the node.
        spec.Function.Target = ByteString.CopyFrom(new byte[Limits.MaxSpecBytes - 200]);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, spec, Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        Assert.Null((await job.CollectAsync(Deadline)).End!.Error);
        Assert.Equal(attached, Assert.Single(await coordinator.ListNodesAsync()).AttachedAt);
    }

    [Fact]
    public async Task Code_that_the_coordinator_lacks_is_named()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        var file = new CodeFile { Name = "MyApp", Sha256 = ByteString.CopyFrom(new byte[32]), Size = 10 };
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.Function.Code = new() { Files = { file } }), Deadline));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains("MyApp (000000000000…)", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task A_client_that_breaks_the_protocol_is_told_how(string violation, string expected)
    {
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { MaxBytesInFlight = 1000 });
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 2));
        foreach (var request in Violate(violation))
        {
            await job.SendAsync(request);
        }

        var end = (await job.CollectAsync(Deadline)).End!;
        Assert.Equal(ErrorKind.Protocol, end.Error.Kind);
        Assert.Contains(expected, end.Error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Violations() => new()
    {
        { "gap", "begins at item 5, but the next item is 2" },
        { "format", "its format is Json; the job's is Raw" },
        { "length", "24 bytes" },
        { "budget", "1528 bytes of inputs in 127 items are unanswered" },
        { "count", "counts 3 items, but 2 came" },
        { "late", "came after `end_inputs`" },
        { "open", "`open` came twice" },
        { "skip a gap", "`skip_items` begins at item 5, but the next item is 2" },
        { "skip back", "`skip_items` begins at item 1, but the next item is 2" },
        { "skip nothing", "`skip_items` counts no items" },
        { "skip late", "`skip_items` at item 2 came after `end_inputs`" },
        { "nothing", "empty" },
    };

    [Fact]
    public async Task Without_nodes_a_job_says_what_it_waits_for_and_fails_after_its_timeout()
    {
        var time = new ManualTime();
        await using var coordinator = await TestCoordinator.StartAsync(time: time);
        var spec = ScriptedJob.Spec(spec => (spec.WantProgress, spec.NoNodesTimeout) = (true, Duration.FromTimeSpan(TimeSpan.FromSeconds(5))));
        spec.Requires.Add("gpu", "1");
        await ServeAsync(coordinator.Address, "without gpu");
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, spec, Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        var waiting = await job.ReceiveAsync(reply => reply.Progress?.WaitingFor.Length > 0, Deadline);
        Assert.Contains("gpu", waiting.Progress.WaitingFor, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromSeconds(6));
        var end = (await job.CollectAsync(Deadline)).End!;
        Assert.Equal(ErrorKind.NoNodes, end.Error.Kind);
        Assert.Contains("gpu=1", end.Error.Message, StringComparison.Ordinal);
        Assert.Contains("5 s", end.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_job_takes_its_chunks_back_within_the_grace()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 1), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await job.SendAsync(new RunRequest { CancelJob = new CancelJob() });
        Assert.Equal(ErrorKind.Cancelled, (await job.CollectAsync(Deadline)).End!.Error.Kind);

        var cancel = await node.ReceiveAsync(command => command.CancelChunk is not null, Deadline);
        Assert.Equal(chunk.ChunkId, cancel.CancelChunk.ChunkId);
        Assert.InRange(cancel.CancelChunk.Grace.ToTimeSpan(), TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
        await node.EndAsync(chunk.ChunkId, ChunkEnd.Cancelled);
        await node.ReceiveAsync(command => command.CloseJob is not null, Deadline);
    }

    [Fact]
    public async Task The_death_of_a_client_cancels_its_job()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        var chunk = await node.ReceiveChunkAsync(Deadline);
        job.Dispose();
        var cancel = await node.ReceiveAsync(command => command.CancelChunk is not null, Deadline);
        Assert.Equal(chunk.ChunkId, cancel.CancelChunk.ChunkId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Without_the_token_nothing_is_served(string? token)
    {
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { Token = "secret" });
        using var job = ScriptedJob.Connect(coordinator.Address, token);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => job.ReceiveAsync(Deadline));
        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
        Assert.DoesNotContain("secret", refusal.Status.Detail, StringComparison.Ordinal);
        using var admitted = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline, "secret");
    }

    [Fact]
    public async Task An_address_that_others_can_reach_needs_a_token()
    {
        var options = new CoordinatorOptions { Listen = [ListenAddress.Parse("http://*:0")] };
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => CoordinatorHost.StartAsync(options, cancellationToken: Deadline));
        Assert.Contains("token", refusal.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<RunRequest> Violate(string violation)
    {
        switch (violation)
        {
            case "gap":
                return [new RunRequest { Inputs = RawBatches.Of(5, 1) }];
            case "format":
                return [new RunRequest { Inputs = new Batch { First = 2, Count = 1, Format = Format.Json, Lengths = ByteString.CopyFrom(1, 0, 0, 0), Payload = ByteString.CopyFromUtf8("1") } }];
            case "length":
                var batch = RawBatches.Of(2, 3);
                batch.Payload = ByteString.CopyFrom(new byte[20]);
                return [new RunRequest { Inputs = batch }];
            case "budget":
                return [new RunRequest { Inputs = RawBatches.Of(2, 125) }];
            case "count":
                return [new RunRequest { EndInputs = new EndInputs { Count = 3 } }];
            case "late":
                return [new RunRequest { EndInputs = new EndInputs { Count = 2 } }, new RunRequest { Inputs = RawBatches.Of(2, 1) }];
            case "open":
                return [new RunRequest { Open = ScriptedJob.Spec() }];
            case "skip a gap":
                return [Skip(5, 1)];
            case "skip back":
                return [Skip(1, 3)];
            case "skip nothing":
                return [Skip(2, 0)];
            case "skip late":
                return [new RunRequest { EndInputs = new EndInputs { Count = 2 } }, Skip(2, 1)];
            default:
                return [new RunRequest()];
        }
    }

    private static RunRequest Skip(ulong first, ulong count) => new() { SkipItems = new SkipItems { First = first, Count = count } };
}
