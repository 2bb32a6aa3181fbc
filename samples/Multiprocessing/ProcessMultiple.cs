using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Multiple processes".</summary>
internal static class ProcessMultiple
{
    private static void ComputeSquare(int number) => Console.WriteLine($"Square of {number} = {number * number} (PID: {Environment.ProcessId})");


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        var processes = new List<ClusterProcess>();
        for (var i = 0; i < 5; i++)
        {
            processes.Add(await cluster.StartProcessAsync(ComputeSquare, i));
        }

        foreach (var process in processes)
        {
            await process.JoinAsync();
        }

        Console.WriteLine("All processes completed");
    }
}
