using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Pool method", mp1.py.</summary>
internal static class PoolProd
{
    private static int Prod(int x)
    {
        Console.WriteLine($"Now Process {Environment.ProcessId} | is calculating square {x}");
        return x * x;
    }

    public static async Task RunAsync()
    {
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];

        await using var pool = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 4 });
        var result = await pool.Client.MapAsync(Prod, x);

        Console.WriteLine($"Partial results: [{string.Join(", ", result)}]");
        Console.WriteLine($"Total sum of squares: {result.Sum()}");
        Console.WriteLine("Done");
    }
}
