using System.Globalization;
using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Shared Array".</summary>
internal static class SharedArray
{
    private static async Task ModifyAsync(ClusterArray<double> array, int index, double value)
    {
        await array.SetAsync(index, value);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Set array[{index}] = {value:0.0}"));
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        await using var array = cluster.Array(new double[10]);
        var processes = new List<ClusterProcess>();
        for (var i = 0; i < 10; i++)
        {
            processes.Add(await cluster.StartProcessAsync(ModifyAsync, array, i, i * 1.5));
        }

        foreach (var process in processes)
        {
            await process.JoinAsync();
        }

        var values = (await array.ToArrayAsync()).Select(static value => value.ToString("0.0", CultureInfo.InvariantCulture));
        Console.WriteLine($"Final array: [{string.Join(", ", values)}]");
    }
}
