using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Queue for process communication".</summary>
internal static class QueueProducerConsumer
{
    private static async Task ProducerAsync(ClusterQueue<int?> queue, int[] items)
    {
        foreach (var item in items)
        {
            Console.WriteLine($"Producer: Adding {item}");
            await queue.PutAsync(item);
            Thread.Sleep(500);
        }

        await queue.PutAsync(null);
    }

    private static async Task ConsumerAsync(ClusterQueue<int?> queue, int consumerId)
    {
        while (await queue.GetAsync() is { } item)
        {
            Console.WriteLine($"Consumer {consumerId}: Processing {item}");
            Thread.Sleep(1000);
        }

        Console.WriteLine($"Consumer {consumerId}: Done");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        await using var queue = cluster.Queue<int?>();
        var producer = await cluster.StartProcessAsync(ProducerAsync, queue, new[] { 1, 2, 3, 4, 5 });
        var consumer = await cluster.StartProcessAsync(ConsumerAsync, queue, 1);
        await producer.JoinAsync();
        await consumer.JoinAsync();
    }
}
