using Cluster.Coordinator.Scaling.Pods;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What the Kubernetes API hears of pods that work, from a coordinator and over TLS.</summary>
public sealed class PodCostTests : CoordinatorTest
{
    private const string Busy = "controller.kubernetes.io/pod-deletion-cost=1000";
    private const string Idle = "controller.kubernetes.io/pod-deletion-cost=0";

    [Fact]
    public async Task A_pod_costs_more_while_its_node_works()
    {
        await using var server = new FakePodApi();
        await server.StartAsync(Deadline);
        server.Pods["pod-a"] = true;
        var time = new ManualTime();
        await using var coordinator = await StartAsync(server, time);

        // It is nobody's pod, which keeps the others from nothing.
        using var stranger = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("elsewhere"), Deadline);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("pod-a"), Deadline);
        Assert.Equal(("pod-a", Idle), await NextAsync(server, time));

        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.PinNodes.Add("pod-a")), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        server.Refusals.Enqueue(500);
        server.Renew("second");
        Assert.Equal(("pod-a", Busy), await NextAsync(server, time));
        await node.AnswerAsync(chunk.ChunkId, RawBatches.Square(chunk.Batches[0]));
        await node.EndAsync(chunk.ChunkId);
        await job.CollectAsync(Deadline);
        Assert.Equal(("pod-a", Idle), await NextAsync(server, time));
    }

    [Fact]
    public async Task A_right_that_is_missing_is_named()
    {
        await using var server = new FakePodApi();
        await server.StartAsync(Deadline);
        using var api = new PodApi(server.Address, server.AccountFolder);
        server.Refusals.Enqueue(403);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => api.TrySetCostAsync("pod-a", 1, Deadline));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Role that may patch pods", refused.Message, StringComparison.Ordinal);
        Assert.False(await api.TrySetCostAsync("pod-a", 1, Deadline));
    }

    [Fact]
    public void Outside_of_a_pod_it_is_refused_at_the_start()
    {
        var error = Assert.Throws<InvalidOperationException>(() => PodApi.OfThisPod(_ => null));
        Assert.Contains("--pod-deletion-cost", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster-node-7d9f-x2", true)]
    [InlineData("../secrets", false)]
    [InlineData("a/b", false)]
    [InlineData("", false)]
    [InlineData("A", false)]
    public void Only_names_of_pods_are_asked_for(string name, bool isOne) => Assert.Equal(isOne, PodApi.IsPodName(name));

    private static Task<TestCoordinator> StartAsync(FakePodApi server, TimeProvider time) => TestCoordinator.StartAsync(
        options => options with { Pods = () => new PodApi(server.Address, server.AccountFolder), Lease = TimeSpan.FromDays(1) }, time);

    // The clock goes on until the API has heard of something.
    private async Task<(string Pod, string Cost)> NextAsync(FakePodApi server, ManualTime time)
    {
        var next = server.NextAsync(Deadline);
        while (!next.IsCompleted)
        {
            time.Advance(PodCostReporter.Period);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Deadline));
        }

        return await next;
    }
}
