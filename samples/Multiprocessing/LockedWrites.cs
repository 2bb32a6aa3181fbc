using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Synchronization with Lock".</summary>
internal static class LockedWrites
{
    private static async Task WriteAsync(ClusterLock mutex, string file, string data)
    {
        await using var lease = await mutex.AcquireAsync();
        await File.AppendAllTextAsync(file, $"{data}\n");
        Console.WriteLine($"Wrote: {data}");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        await using var mutex = cluster.Lock();
        var file = Path.GetTempFileName();
        var processes = new List<ClusterProcess>();
        for (var i = 0; i < 5; i++)
        {
            processes.Add(await cluster.StartProcessAsync(WriteAsync, mutex, file, $"Line {i}"));
        }

        foreach (var process in processes)
        {
            await process.JoinAsync();
        }

        File.Delete(file);
    }
}
