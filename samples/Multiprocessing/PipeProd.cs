using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>mp6.py: a pipe.</summary>
internal static class PipeProd
{
    private static async Task ProdAsync(int[] numbers, ClusterPipeEnd<(int[] Even, int Square)> end)
    {
        var square = 0;
        var even = new List<int>();
        foreach (var i in numbers)
        {
            Thread.Sleep(1000);
            square += i * i;
            Console.WriteLine($"Process {Environment.ProcessId} is calculating square of {i}");
            if (i % 2 == 0)
            {
                even.Add(i);
            }
        }

        await end.SendAsync(([.. even], square));
        await end.CloseAsync();
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        await using var pipe = cluster.Pipe<(int[] Even, int Square)>();
        var process = await cluster.StartProcessAsync(ProdAsync, x, pipe.Right);
        var (even, square) = await pipe.Left.ReceiveAsync();
        Console.WriteLine($"\nEven numbers: [{string.Join(", ", even)}]");
        Console.WriteLine($"Total sum of squares: {square}");
        await process.JoinAsync();
    }
}
