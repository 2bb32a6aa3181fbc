using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"shared_memory", with the result in it.</summary>
internal static class SharedMemoryProd
{
    private static async Task ProdAsync(int[] x, string name, int index)
    {
        await using var memory = await ClusterSharedMemory.AttachAsync(name);
        long square = 0;
        foreach (var i in x)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            square += i * i;
            Console.WriteLine($"Process {Environment.ProcessId} is calculating square of {i}");
        }

        memory.AsSpan<long>()[index] = square;
    }

    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        await using var memory = await ClusterSharedMemory.CreateAsync(10 * sizeof(long));
        int[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];

        var process = await local.Client.StartProcessAsync(ProdAsync, x, memory.Name, 0);
        await process.JoinAsync();

        Console.WriteLine($"Final shared memory results: [{memory.AsSpan<long>()[0]}]");
        await memory.UnlinkAsync();
    }
}
