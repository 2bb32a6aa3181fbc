using System.Diagnostics;
using Cluster.Client;

namespace Cluster.Bench.Comparison;

/// <summary>
/// The rows about watching: from the moment at which a program writes until a worker on each of two nodes has been told. A managed dict tells nobody, and so the peer has a queue for each process.
/// Clocks are those of the machine, the same in all processes.
/// </summary>
internal sealed class WatchRows(PythonPeer peer) : IAsyncDisposable
{
    private const int Nodes = 2;
    private const int Changes = 500;

    // So that each is told alone.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private LocalCluster? _local;

    public IReadOnlyList<Row> All =>
    [
        Create("p50", 0.5),
        Create("p99", 0.99),
    ];

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Row Create(string name, double share) => new(
        $"dict: a change told to workers on 2 nodes, {name} · put into 2 `Manager().Queue()`s, each read by a process",
        "µs",
        "",
        async ct => 1e6 * Statistics.Percentile(await FanOutAsync(ct), share),
        async ct => 1e6 * Statistics.Percentile(await peer.RunAsync(new { row = "fan_out", count = Changes, pause = Pause.TotalSeconds }, ct), share),
        LessIsBetter: true);

    private async Task<IEnumerable<double>> FanOutAsync(CancellationToken cancellationToken)
    {
        _local ??= await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = Nodes, WorkersPerNode = 1 }, cancellationToken);
        await using var feed = _local.Client.Dictionary<string, long>();

        // A node has one slot, and none of them ends before all are there: so they are on different nodes.
        await using var ready = _local.Client.Barrier(Nodes + 1);
        var watchers = Enumerable.Range(0, Nodes).Select(_ => _local.Client.Submit(WatchAsync, feed, ready, Changes, cancellationToken: cancellationToken)).ToArray();
        await ready.WaitAsync(cancellationToken: cancellationToken);
        for (var i = 0; i < Changes; i++)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            await feed.SetAsync("now", Stopwatch.GetTimestamp(), cancellationToken: cancellationToken);
        }

        return (await Task.WhenAll(watchers.Select(static watcher => watcher.Task))).SelectMany(static seconds => seconds);
    }

    private static async Task<double[]> WatchAsync(ClusterDictionary<string, long> feed, ClusterBarrier ready, int count)
    {
        List<double> seconds = [];
        await foreach (var change in feed.WatchAsync(snapshot: true))
        {
            if (change.Kind == DictionaryChangeKind.Snapshot)
            {
                await ready.WaitAsync();
                continue;
            }

            seconds.Add(Stopwatch.GetElapsedTime(change.Value).TotalSeconds);
            if (seconds.Count == count)
            {
                break;
            }
        }

        return [.. seconds];
    }
}
