using Cluster.Client;
using Cluster.TestKit.Processes;

namespace Cluster.Stress;

/// <summary>Many small jobs with faults between them: what the processes need must not grow with their number.</summary>
internal sealed class LeakRun(ChaosOptions options, TimeProvider time)
{
    private const int Reports = 5;
    private const int ItemsPerJob = 8;

    // What the runtime itself takes more of as a process grows old: code that it compiles again, threads that come and go with their handles.
    private const int MoreHandles = 16;
    private const double MoreMiB = 32;

    private readonly Random _random = new(options.Seed);

    /// <returns>Whether handles and memory stayed where they were.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var cluster = await ChaosCluster.StartAsync(nodes: 1, new FaultRecord(time), cancellationToken);
        await using var client = await ClusterClient.ConnectAsync(cluster.ClientAddress, cancellationToken: cancellationToken);
        Console.WriteLine("| jobs | coordinator: handles · threads · MiB | node | client |");
        Console.WriteLine("|---|---|---|---|");
        Footprint[]? early = null;
        Footprint[] last = [];
        for (var job = 1; job <= options.Jobs; job++)
        {
            await RunJobAsync(client, job, cancellationToken);
            await InjectAsync(cluster, job, cancellationToken);
            if (job % Math.Max(1, options.Jobs / Reports) == 0)
            {
                GC.Collect();
                last = [cluster.Coordinator.Footprint, cluster.Nodes[0].Footprint, Footprint.Of(Environment.ProcessId)];
                early ??= last;
                Console.WriteLine($"| {job} | {string.Join(" | ", last)} |");
            }
        }

        var grown = early!.Zip(last).Any(pair => pair.Second.Handles > pair.First.Handles + MoreHandles || pair.Second.ResidentMiB > pair.First.ResidentMiB + MoreMiB);
        Console.WriteLine(grown ? "Something grows." : "Nothing grows.");
        return !grown;
    }

    private static async Task RunJobAsync(ClusterClient client, int job, CancellationToken cancellationToken)
    {
        switch (job % 4)
        {
            case 0:
                // Left in the middle.
                await foreach (var _ in client.IMapAsync(x => Work.Run(x, 1), Enumerable.Range(0, 1000), cancellationToken: cancellationToken))
                {
                    break;
                }

                break;
            case 1:
                await client.Submit(x => Work.Run(x, 1), job, cancellationToken: cancellationToken);
                break;
            default:
                await client.MapAsync(x => Work.Run(x, 1), Enumerable.Range(job, ItemsPerJob), cancellationToken: cancellationToken);
                break;
        }
    }

    private async Task InjectAsync(ChaosCluster cluster, int job, CancellationToken cancellationToken)
    {
        if (job % 20 == 0 && cluster.Nodes[0].Children is { Length: > 0 } workers)
        {
            Signals.Send(workers[_random.Next(workers.Length)], Signals.Kill);
        }

        if (job % 50 == 0)
        {
            cluster.Proxies[_random.Next(cluster.Proxies.Count)].Reset();
        }

        if (job % 100 == 0)
        {
            cluster.Proxies[0].Cut();
            await Task.Delay(TimeSpan.FromSeconds(1.2), time, cancellationToken);
            cluster.Proxies[0].Heal();
        }
    }
}
