using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Example: producer and consumer", with random items.</summary>
internal static class QueueRandom
{
    private static async Task ProducerAsync(ClusterQueue<int?> queue)
    {
        for (var i = 0; i < 5; i++)
        {
            var item = Random.Shared.Next(1, 101);
            Console.WriteLine($"Producer: putting item {item} into the queue");
            await queue.PutAsync(item);
            Thread.Sleep(1000);
        }

        Console.WriteLine("Producer: finished, putting None to signal exit");
        await queue.PutAsync(null);
    }

    private static async Task ConsumerAsync(ClusterQueue<int?> queue)
    {
        while (await queue.GetAsync() is { } item)
        {
            Console.WriteLine($"Consumer: got item {item}, processing...");
            Thread.Sleep(2000);
        }

        Console.WriteLine("Consumer: received None, exiting.");
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        await using var queue = cluster.Queue<int?>();
        var producer = await cluster.StartProcessAsync(ProducerAsync, queue);
        var consumer = await cluster.StartProcessAsync(ConsumerAsync, queue);
        await producer.JoinAsync();
        await consumer.JoinAsync();
        Console.WriteLine("All processes finished.");
    }
}
