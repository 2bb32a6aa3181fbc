using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Daemon processes".</summary>
internal static class ProcessDaemon
{
    private static void DaemonWorker()
    {
        Console.WriteLine("Daemon process starting");
        Thread.Sleep(10_000);
        Console.WriteLine("Daemon process finished");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        await cluster.StartProcessAsync(DaemonWorker, new ProcessOptions { Daemon = true });
        await Task.Delay(2000);
        Console.WriteLine("Main process exiting (daemon will terminate)");
    }
}
