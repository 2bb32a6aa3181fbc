using Cluster.TestKit.Coordinator;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>A coordinator that stops ends every stream, those too that are only beginning.</summary>
public sealed class ShutdownTests : CoordinatorTest
{
    // The host's own patience with calls is half a minute.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Open_streams_are_told()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await node.ReceiveChunkAsync(Deadline);
        var stopping = coordinator.StopAsync();
        await AssertUnavailableAsync(() => job.CollectAsync(Deadline));
        await AssertUnavailableAsync(() => node.ReceiveAsync(static _ => false, Deadline));
        await stopping.WaitAsync(Soon, TimeProvider.System, Deadline);
    }

    [Fact]
    public async Task A_job_is_not_called_cancelled_or_failed_because_the_coordinator_stops()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        ScriptedJob[] jobs = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ScriptedJob.OpenAsync(
            coordinator.Address, ScriptedJob.Spec(spec => spec.PinNodes.AddRange(["a", "b"])), Deadline)))];
        await Task.WhenAll(jobs.Select(job => job.SendAsync(RawBatches.Of(0, 2))));
        await node.ReceiveChunkAsync(Deadline);
        var stopping = coordinator.StopAsync();
        foreach (var job in jobs)
        {
            await AssertUnavailableAsync(() => job.ReceiveAsync(static reply => reply.End is not null || reply.Results is not null, Deadline));
            job.Dispose();
        }

        await AssertUnavailableAsync(() => node.ReceiveAsync(static _ => false, Deadline));
        await stopping.WaitAsync(Soon, TimeProvider.System, Deadline);
    }

    [Fact]
    public async Task Streams_that_have_not_said_a_word_are_told()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = ScriptedNode.Connect(coordinator.Address);
        using var job = ScriptedJob.Connect(coordinator.Address);
        // Their calls have come when those made after them on the same connections are answered.
        await Task.WhenAll(node.PingAsync(Deadline), job.PingAsync(Deadline));
        var stopping = coordinator.StopAsync();
        await AssertUnavailableAsync(() => job.ReceiveAsync(Deadline));
        await AssertUnavailableAsync(() => node.ReceiveAsync(Deadline));
        await stopping.WaitAsync(Soon, TimeProvider.System, Deadline);
    }

    [Fact]
    public async Task Streams_that_come_while_it_stops_are_refused()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = ScriptedNode.Connect(coordinator.Address);
        using var job = ScriptedJob.Connect(coordinator.Address);
        await Task.WhenAll(node.PingAsync(Deadline), job.PingAsync(Deadline));
        coordinator.BeginStop();
        await AssertUnavailableAsync(() => ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline));
        await AssertUnavailableAsync(() => ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("late"), Deadline));
        await AssertUnavailableAsync(() => job.ReceiveAsync(Deadline));
        await AssertUnavailableAsync(() => node.ReceiveAsync(Deadline));
        await coordinator.StopAsync().WaitAsync(Soon, TimeProvider.System, Deadline);
    }

    private static async Task AssertUnavailableAsync(Func<Task> call) =>
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
}
