using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Basic Pool.map() usage".</summary>
internal static class PoolMap
{
    private static int Square(int n) => n * n;

    public static async Task RunAsync()
    {
        int[] numbers = [1, 2, 3, 4, 5, 6, 7, 8];

        await using var pool = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 4 });
        var results = await pool.Client.MapAsync(Square, numbers);

        Console.WriteLine($"Squares: [{string.Join(", ", results)}]");
    }
}
