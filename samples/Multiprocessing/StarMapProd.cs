using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Multiple arguments", mp2.py.</summary>
internal static class StarMapProd
{
    private static int Prod(int x, int y)
    {
        Console.WriteLine($"Now Process {Environment.ProcessId} | is calculating  {x} times {y}");
        return x * y;
    }

    public static async Task RunAsync()
    {
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var xy = x.Zip(x.Reverse());

        await using var pool = await LocalCluster.StartAsync();
        var result = await pool.Client.StarMapAsync(Prod, xy);

        Console.WriteLine($"Partial results: [{string.Join(", ", result)}]");
        Console.WriteLine($"Total sum of squares: {result.Sum()}");
        Console.WriteLine("Done");
    }
}
