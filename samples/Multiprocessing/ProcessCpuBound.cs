using System.Diagnostics;
using System.Globalization;
using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"CPU-bound parallel execution".</summary>
internal static class ProcessCpuBound
{
    private static void CpuIntensiveTask(int n)
    {
        Int128 count = 0;
        for (var i = 0; i < n; i++)
        {
            count += (Int128)i * i;
        }

        Console.WriteLine($"Computed sum: {count} in PID {Environment.ProcessId}");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        var start = Stopwatch.StartNew();
        var processes = new List<ClusterProcess>();
        for (var i = 0; i < 4; i++)
        {
            processes.Add(await cluster.StartProcessAsync(CpuIntensiveTask, 10_000_000));
        }

        foreach (var process in processes)
        {
            await process.JoinAsync();
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Parallel execution time: {start.Elapsed.TotalSeconds:F2}s"));
    }
}
