using System.Diagnostics;
using System.Globalization;
using Cluster.Client;
using Cluster.TestKit.Processes;

namespace Cluster.Stress;

/// <summary>How long it takes until what was lost runs elsewhere, measured one fault at a time.</summary>
internal sealed class RecoveryTimes(ChaosOptions options, TimeProvider time)
{
    /// <returns>True: it measures, and judges nothing.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine("| from | to | median | max | aim |");
        Console.WriteLine("|---|---|---|---|---|");
        await MeasureAsync("worker SIGKILLed | its item runs elsewhere", "300 ms", KillWorkerAsync, cancellationToken);
        await MeasureAsync("node SIGKILLed | its items run elsewhere", "1 s", (cluster, client, token) => LoseNodeAsync(cluster, client, Signals.Kill, token), cancellationToken);
        await MeasureAsync("node silent (SIGSTOP) | its items run elsewhere", "lease (5 s) + 1 s", (cluster, client, token) => LoseNodeAsync(cluster, client, Signals.Stop, token), cancellationToken);
        await MeasureAsync("coordinator listens again | next result", "2 s", RestartAsync, cancellationToken);
        await MeasureAsync("job of endless items cancelled | another runs in its slots", "1 s", CancelAsync, cancellationToken);
        await MeasureAsync("100 items, one of 60 s with a timeout of 2 s | job done", "about 2 s", StragglerAsync, cancellationToken);
        return true;
    }

    private async Task MeasureAsync(string what, string aim, Func<ChaosCluster, ClusterClient, CancellationToken, Task<long>> measure, CancellationToken cancellationToken)
    {
        List<double> times = [];
        for (var round = 0; round < options.Figures; round++)
        {
            await using var cluster = await ChaosCluster.StartAsync(nodes: 2, new FaultRecord(time), cancellationToken);
            await using var client = await ClusterClient.ConnectAsync(cluster.ClientAddress, cancellationToken: cancellationToken);

            // Not the first job: code is loaded once.
            await client.MapAsync(x => Work.Run(x, 5), Enumerable.Range(0, 200), cancellationToken: cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(0, await measure(cluster, client, cancellationToken)).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {times[times.Count / 2]:F0} ms | {times[^1]:F0} ms | {aim} |"));
    }

    private async Task<long> KillWorkerAsync(ChaosCluster cluster, ClusterClient client, CancellationToken cancellationToken)
    {
        using var log = new BeginLog(time);
        var path = log.Path;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var endless = client.MapAsync(x => RunForEver(path, x), Enumerable.Range(0, 2), cancellationToken: over.Token);
        var first = await log.WaitForAsync(0, 1, cancellationToken);
        Signals.Send(first[0].Process, Signals.Kill);
        var killed = Stopwatch.GetTimestamp();
        var begun = await log.WaitForAsync(0, 2, cancellationToken);
        await CancelAsync(endless, over);
        return begun[1].At - killed;
    }

    private async Task<long> LoseNodeAsync(ChaosCluster cluster, ClusterClient client, int signal, CancellationToken cancellationToken)
    {
        using var log = new BeginLog(time);
        var path = log.Path;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var endless = client.MapAsync(x => RunForEver(path, x), Enumerable.Range(0, 2), cancellationToken: over.Token);
        var first = await log.WaitForAsync(0, 1, cancellationToken);
        var node = cluster.Nodes.Single(node => node.Children.Contains(first[0].Process));
        Signals.Send(node.Id, signal);
        var lost = Stopwatch.GetTimestamp();
        var begun = await log.WaitForAsync(0, 2, cancellationToken);
        await CancelAsync(endless, over);
        return begun[1].At - lost;
    }

    private static async Task<long> RestartAsync(ChaosCluster cluster, ClusterClient client, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long listens = 0;
        Task? restarting = null;
        await foreach (var result in client.IMapAsync(x => Work.Run(x, 5), Numbers(), cancellationToken: cancellationToken))
        {
            if (restarting is null)
            {
                restarting = RestartAsync();
            }
            else if (Volatile.Read(ref listens) is > 0 and var since)
            {
                var next = Stopwatch.GetTimestamp();
                await restarting;
                return next - since;
            }
        }

        throw new UnreachableException("The sequence has no end.");

        async Task RestartAsync()
        {
            await cluster.RestartCoordinatorAsync(cancellationToken);
            Volatile.Write(ref listens, Stopwatch.GetTimestamp());
        }
    }

    private async Task<long> CancelAsync(ChaosCluster cluster, ClusterClient client, CancellationToken cancellationToken)
    {
        using var log = new BeginLog(time);
        var path = log.Path;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var endless = client.MapAsync(x => RunForEver(path, x), Enumerable.Range(0, 4), cancellationToken: over.Token);
        for (var item = 0; item < 4; item++)
        {
            await log.WaitForAsync(item, 1, cancellationToken);
        }

        // All of them, not the first that is free.
        var next = client.MapAsync(x => Note(path, x), Enumerable.Range(10, 4), cancellationToken: cancellationToken);
        var cancelled = Stopwatch.GetTimestamp();
        await CancelAsync(endless, over);
        await next;
        long last = 0;
        for (var item = 10; item < 14; item++)
        {
            last = Math.Max(last, (await log.WaitForAsync(item, 1, cancellationToken))[0].At);
        }

        return last - cancelled;
    }

    private static async Task<long> StragglerAsync(ChaosCluster cluster, ClusterClient client, CancellationToken cancellationToken)
    {
        var options = new MapOptions { Timeout = TimeSpan.FromSeconds(2) };
        var begun = Stopwatch.GetTimestamp();
        var outcomes = await client.MapOutcomesAsync(x => Work.Run(x, x == 50 ? 60_000 : 5), Enumerable.Range(0, 100), options, cancellationToken);
        var done = Stopwatch.GetTimestamp();
        return outcomes.Count(static outcome => outcome.Exception is TaskTimeoutException) == 1 && outcomes.Count(static outcome => outcome.Exception is null) == 99
            ? done - begun
            : throw new InvalidOperationException("The timeout did not hit its item, and that alone.");
    }

    private static async Task CancelAsync(Task endless, CancellationTokenSource over)
    {
        await over.CancelAsync();
        await endless.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static int RunForEver(string path, int item)
    {
        BeginLog.Write(path, item);
        while (true)
        {
            Work.Run(item, 1000);
        }
    }

    private static int Note(string path, int item)
    {
        BeginLog.Write(path, item);
        return item;
    }

    private static IEnumerable<int> Numbers()
    {
        for (var number = 0; ; number++)
        {
            yield return number;
        }
    }
}
