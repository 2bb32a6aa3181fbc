using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Pipe for bidirectional communication".</summary>
internal static class PipeSenderReceiver
{
    private static async Task SenderAsync(ClusterPipeEnd<string> end)
    {
        foreach (var message in new[] { "Hello", "World", "From", "Pipe" })
        {
            Console.WriteLine($"Sending: {message}");
            await end.SendAsync(message);
            Thread.Sleep(500);
        }

        await end.CloseAsync();
    }

    private static async Task ReceiverAsync(ClusterPipeEnd<string> end)
    {
        while (true)
        {
            try
            {
                Console.WriteLine($"Received: {await end.ReceiveAsync()}");
            }
            catch (EndOfStreamException)
            {
                break;
            }
        }

        await end.CloseAsync();
    }


    public static async Task RunAsync()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 });
        var cluster = local.Client;
        await using var pipe = cluster.Pipe<string>();
        var sender = await cluster.StartProcessAsync(SenderAsync, pipe.Left);
        var receiver = await cluster.StartProcessAsync(ReceiverAsync, pipe.Right);
        await sender.JoinAsync();
        await receiver.JoinAsync();
    }
}
