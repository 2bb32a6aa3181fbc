using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Pool.imap() for memory efficiency".</summary>
internal static class PoolImap
{
    private static int ProcessLargeItem(int item)
    {
        Thread.Sleep(100);
        return item * 2;
    }

    public static async Task RunAsync()
    {
        await using var pool = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 4 });

        await foreach (var result in pool.Client.IMapAsync(ProcessLargeItem, Enumerable.Range(0, 100)))
        {
            Console.WriteLine($"Result: {result}");
        }
    }
}
