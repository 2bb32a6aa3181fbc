using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Example 2: The Pool for Parallel Data Processing (Map-Reduce Pattern)".</summary>
internal static class PoolMapReduce
{
    private static int Square(int n)
    {
        Thread.Sleep(500);
        var result = n * n;
        Console.WriteLine($"Calculated square of {n} = {result}");
        return result;
    }

    public static async Task RunAsync()
    {
        int[] numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        Console.WriteLine($"Running on a pool with {Environment.ProcessorCount} processes.");

        await using var pool = await LocalCluster.StartAsync();
        var results = await pool.Client.MapAsync(Square, numbers);

        Console.WriteLine($"\nFinal results from pool.map: [{string.Join(", ", results)}]");
    }
}
