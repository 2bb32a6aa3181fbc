using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>mp5.py: queues.</summary>
internal static class QueueProd
{
    private static async Task ProdAsync(int[] numbers, ClusterQueue<int> queue)
    {
        foreach (var i in numbers)
        {
            Thread.Sleep(1000);
            Console.WriteLine($"Now Process {Environment.ProcessId} | is calculating square {i}");
            if (i % 2 == 0)
            {
                await queue.PutAsync(i);
            }
        }
    }

    private static async Task PrintAsync(ClusterQueue<int> queue)
    {
        while (await queue.CountAsync() > 0)
        {
            Console.WriteLine($"Received: {await queue.GetAsync()}");
        }
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        int[] y = [.. x.Reverse()];
        await using var q1 = cluster.Queue<int>();
        await using var q2 = cluster.Queue<int>();
        var first = await cluster.StartProcessAsync(ProdAsync, x, q1);
        var second = await cluster.StartProcessAsync(ProdAsync, y, q2);
        await first.JoinAsync();
        await second.JoinAsync();
        await PrintAsync(q1);
        await PrintAsync(q2);
        Console.WriteLine("Done");
    }
}
