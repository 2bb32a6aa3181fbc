using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>mp7.py: a dictionary that is shared.</summary>
internal static class ManagerProd
{
    private static async Task ProdAsync(int[] numbers, ClusterDictionary<string, int> results, string key)
    {
        var square = 0;
        foreach (var i in numbers)
        {
            Thread.Sleep(1000);
            square += i * i;
            Console.WriteLine($"Process {Environment.ProcessId} is calculating square of {i}");
        }

        await results.SetAsync(key, square);
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        await using var results = cluster.Dictionary<string, int>();
        var process = await cluster.StartProcessAsync(ProdAsync, x, results, "square_sum");
        await process.JoinAsync();
        Console.WriteLine($"Total sum of squares: {await results.GetAsync("square_sum")}");
    }
}
