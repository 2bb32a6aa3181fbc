using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Pool.starmap() for multiple arguments".</summary>
internal static class PoolStarMap
{
    private static int Multiply(int a, int b) => a * b;

    public static async Task RunAsync()
    {
        (int, int)[] pairs = [(2, 3), (4, 5), (6, 7), (8, 9)];

        await using var pool = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 });
        var results = await pool.Client.StarMapAsync(Multiply, pairs);

        Console.WriteLine($"Products: [{string.Join(", ", results)}]");
    }
}
