using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Pool.apply_async() for asynchronous execution".</summary>
internal static class PoolApplyAsync
{
    private static int ProcessItem(int item)
    {
        Thread.Sleep(1000);
        return item * item;
    }

    public static async Task RunAsync()
    {
        await using var pool = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 3 });

        var results = new List<ClusterFuture<int>>();
        for (var i = 0; i < 10; i++)
        {
            results.Add(pool.Client.Submit(ProcessItem, i));
        }

        for (var i = 0; i < results.Count; i++)
        {
            Console.WriteLine($"Result {i}: {await results[i]}");
        }
    }
}
