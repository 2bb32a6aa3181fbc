using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Pool with callback functions".</summary>
internal static class PoolCallbacks
{
    private static int Compute(int x) => x * x;

    private static void ResultReady(ClusterFuture<int> future) =>
        Console.WriteLine(
            future.Status == ClusterFutureStatus.Succeeded
                ? $"Result ready: {future.Task.Result}"
                : $"Error occurred: {future.Task.Exception?.InnerException?.Message}");

    public static async Task Main()
    {
        await using var pool = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 });

        var futures = new List<ClusterFuture<int>>();
        for (var i = 0; i < 5; i++)
        {
            var future = pool.Client.Submit(Compute, i);
            future.AddDoneCallback(ResultReady);
            futures.Add(future);
        }

        // pool.close(); pool.join()
        await Task.WhenAll(futures.Select(future => future.Task));
    }
}
