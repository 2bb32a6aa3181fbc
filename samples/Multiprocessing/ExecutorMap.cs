using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"ProcessPoolExecutor (high-level interface)".</summary>
internal static class ExecutorMap
{
    // Python's integers grow as needed: the last of these sums does not fit 64 bits.
    private static Int128 HeavyComputation(int n)
    {
        Int128 result = 0;
        for (long i = 0; i < n; i++)
        {
            result += i * i;
        }

        return result;
    }

    public static async Task RunAsync()
    {
        int[] tasks = [1000000, 2000000, 3000000, 4000000];

        await using var executor = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 4 });
        var results = await executor.Client.MapAsync(HeavyComputation, tasks);

        foreach (var (task, result) in tasks.Zip(results))
        {
            Console.WriteLine($"Task {task}: {result}");
        }
    }
}
