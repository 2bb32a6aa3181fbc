using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Process subclassing": what a process is to do, and with what, is an object that travels.</summary>
internal static class ProcessSubclass
{
    private sealed record ComputeProcess(int TaskId, int[] Data)
    {
        public void Run()
        {
            Console.WriteLine($"Task {TaskId} processing in PID {Environment.ProcessId}");
            Console.WriteLine($"Task {TaskId}: Sum = {Data.Sum()}");
        }
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        int[][] datasets = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
        var processes = new List<ClusterProcess>();
        for (var i = 0; i < datasets.Length; i++)
        {
            processes.Add(await cluster.StartProcessAsync(static compute => compute.Run(), new ComputeProcess(i, datasets[i])));
        }

        foreach (var process in processes)
        {
            await process.JoinAsync();
        }
    }
}
