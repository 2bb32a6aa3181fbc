using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Pool method": the pool with all CPUs, and the pool that is closed by hand.</summary>
internal static class PoolManual
{
    private static int Sq(int x) => x * x;

    public static async Task RunAsync()
    {
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];

        await using (var pool = await LocalCluster.StartAsync())
        {
            var result = await pool.Client.MapAsync(Sq, x);
            Console.WriteLine($"[{string.Join(", ", result)}]");
        }

        var pl = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 4 });
        try
        {
            var result = await pl.Client.MapAsync(Sq, x);
            Console.WriteLine($"[{string.Join(", ", result)}]");
        }
        finally
        {
            await pl.DisposeAsync();
        }
    }
}
