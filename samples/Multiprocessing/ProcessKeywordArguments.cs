using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Process with keyword arguments".</summary>
internal static class ProcessKeywordArguments
{
    private static void ProcessData(int data, int multiplier, bool verbose)
    {
        if (verbose)
        {
            Console.WriteLine($"Processing {data} with multiplier {multiplier}");
        }

        Thread.Sleep(1000);
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        var process = await cluster.StartProcessAsync(static (int data) => ProcessData(data, multiplier: 5, verbose: true), 10);
        await process.JoinAsync();
    }
}
