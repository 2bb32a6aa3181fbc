using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What a node costs that cannot load the code, and what the client hears of it.</summary>
public sealed class CodeFailureTests : CoordinatorTest
{
    private static readonly ErrorInfo DiskFull = new() { Kind = ErrorKind.Code, Message = "No space left on device.", Node = "full", Transient = true };

    [Fact]
    public async Task A_full_disk_costs_nothing_while_another_node_can_run_the_job()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var full = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("full"), Deadline);
        using var job = await OpenAsync(coordinator);
        var refused = await full.ReceiveChunkAsync(Deadline);
        await ServeAsync(coordinator.Address, "good");
        await full.EndAsync(refused.ChunkId, ChunkEnd.CodeFailed, DiskFull);
        Assert.Equal("good", (await job.ReceiveAsync(reply => reply.Started is not null, Deadline)).Started.Node);

        // From now on nothing of the job goes to the full node.
        await job.SendAsync(RawBatches.Of(1, 8));
        await job.EndAsync(9);
        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Equal((9, 0), (record.Values.Count, record.Failures.Count));
    }

    [Fact]
    public async Task A_job_that_no_node_can_load_ends_with_what_the_node_said()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var full = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("full"), Deadline);
        using var job = await OpenAsync(coordinator);
        await full.EndAsync((await full.ReceiveChunkAsync(Deadline)).ChunkId, ChunkEnd.CodeFailed, DiskFull);
        Assert.Equal(DiskFull, (await job.CollectAsync(Deadline)).End!.Error);
    }

    [Fact]
    public async Task A_failure_that_is_not_for_now_ends_the_job_though_others_are_there()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var first = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("first"), Deadline);
        using var second = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("second"), Deadline);
        using var job = await OpenAsync(coordinator);
        var error = new ErrorInfo { Kind = ErrorKind.Code, Message = "App.dll is damaged.", Node = "first" };
        await first.EndAsync((await first.ReceiveChunkAsync(Deadline)).ChunkId, ChunkEnd.CodeFailed, error);
        Assert.Equal(error, (await job.CollectAsync(Deadline)).End!.Error);
    }

    [Fact]
    public async Task An_item_pinned_to_the_node_fails_with_what_the_node_said()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var full = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("full"), Deadline);
        await ServeAsync(coordinator.Address, "good");
        using var job = await OpenAsync(coordinator, "full", "good");
        await job.SendAsync(RawBatches.Of(1, 1));
        await job.EndAsync(2);
        await full.EndAsync((await full.ReceiveChunkAsync(Deadline)).ChunkId, ChunkEnd.CodeFailed, DiskFull);
        var record = await job.CollectAsync(Deadline);
        Assert.Equal(1UL, Assert.Single(record.Values).Key);
        var failure = Assert.Single(record.Failures);
        Assert.Equal((0UL, ErrorKind.Code, true, "full"), (failure.Index, failure.Error.Kind, failure.Error.Transient, failure.Error.Node));
        Assert.Contains("No space left on device.", failure.Error.Message, StringComparison.Ordinal);
    }

    /// <summary>Opens a job with one item.</summary>
    private async Task<ScriptedJob> OpenAsync(TestCoordinator coordinator, params string[] pins)
    {
        var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec =>
        {
            spec.WantStarted = true;
            spec.PinNodes.Add(pins);
        }), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        return job;
    }
}
