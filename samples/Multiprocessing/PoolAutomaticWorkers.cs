using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Automatic worker count".</summary>
internal static class PoolAutomaticWorkers
{
    private static int Square(int n) => n * n;

    public static async Task RunAsync()
    {
        Console.WriteLine($"Available CPUs: {Environment.ProcessorCount}");

        await using var pool = await LocalCluster.StartAsync();
        var results = await pool.Client.MapAsync(Square, Enumerable.Range(0, 100));

        Console.WriteLine($"Processed {results.Length} items");
    }
}
