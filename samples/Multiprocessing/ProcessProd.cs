using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>mp4.py: two processes, and a dictionary that only looks shared.</summary>
internal static class ProcessProd
{
    private static void Prod(int[] numbers, Dictionary<string, int> results, string key)
    {
        var square = 0;
        foreach (var i in numbers)
        {
            Thread.Sleep(1000);
            square += i * i;
            Console.WriteLine($"Now Process {Environment.ProcessId} | is calculating square {i}");
        }

        // A copy: nobody else sees it. ManagerProd shares one.
        results[key] = square;
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        int[] y = [.. x.Reverse()];
        var results = new Dictionary<string, int>();
        var first = await cluster.StartProcessAsync(Prod, x, results, "res1");
        var second = await cluster.StartProcessAsync(Prod, y, results, "res2");
        await first.JoinAsync();
        await second.JoinAsync();
        Console.WriteLine("Done");
    }
}
