using Cluster.Node.Workers.Objects;
using Cluster.TestKit;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Network;
using Cluster.Unit.Coordinator.Hosted;
using Cluster.Unit.Coordinator.Objects.Dictionaries;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Node.Objects;

/// <summary>Watches that the node cannot feed go to the coordinator as they are.</summary>
public sealed class NodeWatchesTests : CoordinatorTest
{
    [Fact]
    public async Task Without_a_session_of_its_own_the_node_passes_watches_on()
    {
        using var channel = TestChannel.Open($"http://127.0.0.1:{FreePort.Find()}");
        await using var watches = new NodeWatches(new Cluster.Protocol.V1.Objects.ObjectsClient(channel), Metadata.Empty, "a");
        var worker = new WatchingWorker(static () => { }, static () => { });
        var request = OnDict.Watch();
        request.Object = 1;
        Assert.True(await watches.FeedAsync(worker, request, "incarnation", Deadline).Within());
        Assert.False(request.DictWatch.Once);
        Assert.False(worker.IsFed);
    }

    [Fact]
    public async Task Sessions_of_another_history_and_dictionaries_that_are_not_there_too()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        await using var watches = new NodeWatches(new Cluster.Protocol.V1.Objects.ObjectsClient(channel), Metadata.Empty, "a");
        var worker = new WatchingWorker(static () => { }, static () => { });
        var request = OnDict.Watch();
        (request.Number, request.Object) = (1, 1234);
        Assert.True(await watches.FeedAsync(worker, request, "another", Deadline).Within());
        Assert.False(request.DictWatch.Once);

        using var session = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        Assert.True(await watches.FeedAsync(worker, request, session.Welcome.Incarnation, Deadline).Within());
        Assert.False(request.DictWatch.Once);
        Assert.False(worker.IsFed);
    }
}
