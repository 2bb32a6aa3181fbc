using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Process properties and control".</summary>
internal static class ProcessControl
{
    private static void LongRunningTask()
    {
        Console.WriteLine($"Task starting in PID {Environment.ProcessId}");
        for (var i = 0; i < 10; i++)
        {
            Console.WriteLine($"Working... {i}");
            Thread.Sleep(1000);
        }

        Console.WriteLine("Task completed");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        var process = await cluster.StartProcessAsync(LongRunningTask);
        Console.WriteLine($"Is alive: {process.IsAlive}");
        Console.WriteLine($"Process PID: {process.Pid}");
        Console.WriteLine($"Process name: {process.Name}");

        await process.JoinAsync(TimeSpan.FromSeconds(3));
        if (process.IsAlive)
        {
            Console.WriteLine("Process still running, terminating...");
            await process.TerminateAsync();
            await process.JoinAsync();
            Console.WriteLine("Process terminated");
        }
    }
}
