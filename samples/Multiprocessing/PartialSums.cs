using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Practical example: Parallel data aggregation".</summary>
internal static class PartialSums
{
    private static async Task ComputeAsync(int[] data, ClusterQueue<(int Process, int Sum)> results, int processId)
    {
        var sum = data.Sum();
        await results.PutAsync((processId, sum));
        Console.WriteLine($"Process {processId}: Sum = {sum}");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        var data = Enumerable.Range(1, 1000).ToArray();
        await using var results = cluster.Queue<(int Process, int Sum)>();
        var processes = new List<ClusterProcess>();
        foreach (var (i, chunk) in data.Chunk(data.Length / 4).Index())
        {
            processes.Add(await cluster.StartProcessAsync(ComputeAsync, chunk, results, i));
        }

        foreach (var process in processes)
        {
            await process.JoinAsync();
        }

        var total = 0;
        while (await results.CountAsync() > 0)
        {
            total += (await results.GetAsync()).Sum;
        }

        Console.WriteLine($"Total sum: {total}");
        Console.WriteLine($"Expected: {data.Sum()}");
    }
}
