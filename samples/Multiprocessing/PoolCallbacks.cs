using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Pool with callback functions".</summary>
internal static class PoolCallbacks
{
    private static int Compute(int x) => x * x;

    private static void ResultCallback(int result) => Console.WriteLine($"Result ready: {result}");

    private static void ErrorCallback(Exception error) => Console.WriteLine($"Error occurred: {error.Message}");

    private static async Task CallBackAsync(ClusterFuture<int> future)
    {
        try
        {
            ResultCallback(await future);
        }
        catch (ClusterException error)
        {
            ErrorCallback(error);
        }
    }

    public static async Task RunAsync()
    {
        await using var pool = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 });

        var callbacks = new List<Task>();
        for (var i = 0; i < 5; i++)
        {
            callbacks.Add(CallBackAsync(pool.Client.Submit(Compute, i)));
        }

        // pool.close(); pool.join()
        await Task.WhenAll(callbacks);
    }
}
