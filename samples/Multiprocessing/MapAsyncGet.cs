using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Note on Blocking Behavior": both maps run at once, since a task that is not awaited yet goes on.</summary>
internal static class MapAsyncGet
{
    private static int Prod(int x, int y) => x * y;

    public static async Task RunAsync()
    {
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        int[] y = [.. x.Reverse()];

        await using var pool = await LocalCluster.StartAsync();
        var p1 = pool.Client.StarMapAsync(Prod, x.Zip(x));
        var p2 = pool.Client.StarMapAsync(Prod, x.Zip(y));

        Console.WriteLine($"[{string.Join(", ", await p1)}]");
        Console.WriteLine($"[{string.Join(", ", await p2)}]");
    }
}
