using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Manager for complex shared objects".</summary>
internal static class ManagerObjects
{
    private static async Task WorkerAsync(ClusterDictionary<int, int> dictionary, ClusterList<int> list, int workerId)
    {
        await dictionary.SetAsync(workerId, workerId * 10);
        await list.AppendAsync(workerId);
        Console.WriteLine($"Worker {workerId} updated shared objects");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        await using var dictionary = cluster.Dictionary<int, int>();
        await using var list = cluster.List<int>();
        var processes = new List<ClusterProcess>();
        for (var i = 0; i < 5; i++)
        {
            processes.Add(await cluster.StartProcessAsync(WorkerAsync, dictionary, list, i));
        }

        foreach (var process in processes)
        {
            await process.JoinAsync();
        }

        // In the order of their keys: which process comes first, only they know.
        var entries = (await dictionary.ItemsAsync()).OrderBy(static entry => entry.Key).Select(static entry => $"{entry.Key}: {entry.Value}");
        Console.WriteLine($"Shared dict: {{{string.Join(", ", entries)}}}");
        Console.WriteLine($"Shared list: [{string.Join(", ", (await list.ToArrayAsync()).Order())}]");
    }
}
