using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"A simple function that runs in a separate process".</summary>
internal static class ProcessWorkers
{
    private static void Worker(int number)
    {
        Console.WriteLine($"Worker {number} (Process ID: {Environment.ProcessId}) is starting...");
        Thread.Sleep(2000);
        Console.WriteLine($"Worker {number} (Process ID: {Environment.ProcessId}) has finished.");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        Console.WriteLine($"Main Process ID: {Environment.ProcessId}");
        var processes = new List<ClusterProcess>();
        for (var i = 0; i < 5; i++)
        {
            processes.Add(await cluster.StartProcessAsync(Worker, i));
        }

        foreach (var process in processes)
        {
            await process.JoinAsync();
        }

        Console.WriteLine("Main process has finished.");
    }
}
