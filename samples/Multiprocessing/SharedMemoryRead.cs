using System.Globalization;
using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"shared_memory": a process reads what the program has written.</summary>
internal static class SharedMemoryRead
{
    private static async Task ReadAsync(string name)
    {
        await using var memory = await ClusterSharedMemory.AttachAsync(name);
        var data = memory.AsSpan<double>().ToArray().Select(static value => value.ToString("0.0", CultureInfo.InvariantCulture));
        Console.WriteLine($"Data imported: [{string.Join(' ', data)}]");
    }

    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        await using var memory = await ClusterSharedMemory.CreateAsync(4 * sizeof(double));
        new[] { 1.1, 2.2, 3.3, 4.4 }.CopyTo(memory.AsSpan<double>());

        var process = await local.Client.StartProcessAsync(ReadAsync, memory.Name);
        await process.JoinAsync();

        await memory.UnlinkAsync();
    }
}
