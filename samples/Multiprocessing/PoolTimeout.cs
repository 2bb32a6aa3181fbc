using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Pool with timeout".</summary>
internal static class PoolTimeout
{
    private static int SlowTask(int n)
    {
        Thread.Sleep(n * 1000);
        return n * n;
    }

    public static async Task RunAsync()
    {
        await using var pool = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 });
        var result = pool.Client.Submit(SlowTask, 5);

        try
        {
            var value = await result.GetAsync(TimeSpan.FromSeconds(2));
            Console.WriteLine($"Result: {value}");
        }
        catch (TimeoutException)
        {
            Console.WriteLine("Task timed out!");
        }
    }
}
