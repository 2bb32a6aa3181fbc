using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

public sealed class WorkerTurnoverTests
{
    [Fact]
    public async Task Workers_are_replaced_after_their_items_and_no_item_notices()
    {
        var token = TestContext.Current.CancellationToken;
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1, MaxTasksPerWorker = 10 }, token);
        var pids = await local.Client.MapAsync(
            x => TaskContext.Current.Attempt == 1 ? Environment.ProcessId : -x, Enumerable.Range(0, 40), new MapOptions { ChunkSize = 5 }, token)
            .WaitAsync(TimeSpan.FromSeconds(60), token);

        Assert.All(pids, pid => Assert.True(pid > 0, "An item was started more than once."));
        Assert.Equal([10, 10, 10, 10], pids.GroupBy(pid => pid).Select(worker => worker.Count()));
    }
}
