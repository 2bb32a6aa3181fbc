using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Basic process creation".</summary>
internal static class ProcessBasic
{
    private static void Worker(string name)
    {
        Console.WriteLine($"Worker {name} starting in process {Environment.ProcessId}");
        Thread.Sleep(2000);
        Console.WriteLine($"Worker {name} finished");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        Console.WriteLine($"Main process: {Environment.ProcessId}");
        var process = await cluster.StartProcessAsync(Worker, "A");
        Console.WriteLine("Main process continues...");
        await process.JoinAsync();
        Console.WriteLine("Process finished");
    }
}
