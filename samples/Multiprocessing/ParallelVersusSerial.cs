using System.Diagnostics;
using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Parallel vs serial process", mp3.py.</summary>
internal static class ParallelVersusSerial
{
    private static int Prod(int x)
    {
        Console.WriteLine($"Now Process {Environment.ProcessId} | is calculating square {x}");
        Thread.Sleep(2000);
        return x * x;
    }

    public static async Task RunAsync()
    {
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];

        await using var pool = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 4 });
        var clock = Stopwatch.StartNew();
        await pool.Client.MapAsync(Prod, x);
        var parallel = clock.Elapsed;

        clock.Restart();
        foreach (var item in x)
        {
            Prod(item);
        }

        var sequential = clock.Elapsed;
        Console.WriteLine($"Time for Parallel Processing: {parallel.TotalSeconds:F4} seconds");
        Console.WriteLine($"Time for Sequential Processing: {sequential.TotalSeconds:F4} seconds");
    }
}
