using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Shared Value".</summary>
internal static class SharedValue
{
    private static async Task IncrementAsync(ClusterValue<int> counter, ClusterLock mutex)
    {
        for (var i = 0; i < 1000; i++)
        {
            await using var lease = await mutex.AcquireAsync();
            await counter.SetAsync(await counter.GetAsync() + 1);
        }
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        await using var counter = cluster.Value(0);
        await using var mutex = cluster.Lock();
        var processes = new List<ClusterProcess>();
        for (var i = 0; i < 4; i++)
        {
            processes.Add(await cluster.StartProcessAsync(IncrementAsync, counter, mutex));
        }

        foreach (var process in processes)
        {
            await process.JoinAsync();
        }

        Console.WriteLine($"Final counter value: {await counter.GetAsync()}");
    }
}
