using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

public sealed class BroadcastTests
{
    [Fact]
    public async Task A_function_runs_once_on_each_node()
    {
        await using var local = await LocalCluster.StartAsync(
            new LocalClusterOptions { Nodes = 2, WorkersPerNode = 1 }, TestContext.Current.CancellationToken);

        var names = await local.Client.RunOnEachNodeAsync(() => TaskContext.Current.Node, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, names.Count);
        Assert.All(names, name => Assert.Equal(name.Key, name.Value));
    }
}
