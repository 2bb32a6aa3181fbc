using Cluster.TestKit.Network;
using Cluster.TestKit.Processes;

namespace Cluster.Stress;

/// <summary>Injects faults until told to stop, and watches how long the cluster needs to recover.</summary>
internal sealed class Faults(ChaosCluster cluster, ChaosOptions options, FaultRecord record, Func<long> results, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly Random _random = new(options.Seed);

    // Nodes and the coordinator are replaced one at a time: who watches one fault must not see the end of another.
    private readonly SemaphoreSlim _processes = new(1);

    public async Task InjectAsync(CancellationToken cancellationToken)
    {
        Task[] injecting =
        [
            RepeatAsync(options.WorkersEvery, KillWorkerAsync, cancellationToken),
            RepeatAsync(options.NodesEvery, KillNodeAsync, cancellationToken),
            RepeatAsync(options.NetworkEvery, DisturbNetworkAsync, cancellationToken),
            RestartAsync(cancellationToken),
        ];
        await Task.WhenAll(injecting);
    }

    public void Dispose() => _processes.Dispose();

    private async Task RepeatAsync(TimeSpan period, Func<CancellationToken, Task> inject, CancellationToken cancellationToken)
    {
        if (period == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            using var timer = new PeriodicTimer(period, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await inject(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The map is done.
        }
    }

    private async Task KillWorkerAsync(CancellationToken cancellationToken)
    {
        var node = cluster.Nodes[Next(cluster.Nodes.Count)];
        var workers = node.Children;
        if (workers.Length == 0)
        {
            return;
        }

        var victim = workers[Next(workers.Length)];
        try
        {
            Signals.Send(victim, Signals.Kill);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself, with its node.
            return;
        }

        record.Injected("worker killed");
        var since = time.GetTimestamp();
        while (node.Children is var now && (now.Length < workers.Length || now.Contains(victim)))
        {
            if (!cluster.Nodes.Contains(node))
            {
                return;
            }

            await Task.Delay(Look, time, cancellationToken);
        }

        record.Recovered("worker killed", since);
    }

    private async Task KillNodeAsync(CancellationToken cancellationToken)
    {
        await _processes.WaitAsync(cancellationToken);
        try
        {
            record.Injected("node killed");
            var since = time.GetTimestamp();
            await cluster.ReplaceNodeAsync(Next(cluster.Nodes.Count), cancellationToken);
            record.Recovered("node killed", since);
        }
        finally
        {
            _processes.Release();
        }
    }

    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var restart = 1; restart <= options.Restarts; restart++)
            {
                await WaitForResultsAsync(restart * options.Items / (options.Restarts + 1), cancellationToken);
                await _processes.WaitAsync(cancellationToken);
                try
                {
                    await cluster.RestartCoordinatorAsync(cancellationToken);
                    var since = time.GetTimestamp();
                    await WaitForResultsAsync(results() + 1, cancellationToken);
                    record.Recovered("coordinator killed", since);
                }
                finally
                {
                    _processes.Release();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The map is done.
        }
    }

    private async Task DisturbNetworkAsync(CancellationToken cancellationToken)
    {
        var proxy = cluster.Proxies[Next(cluster.Proxies.Count)];
        var length = TimeSpan.FromMilliseconds(100 + Next(1500));
        (string kind, Action<TcpFaultProxy> disturb) = Next(4) switch
        {
            0 => ("connection reset", static proxy => proxy.Reset()),
            1 => ("network cut", static proxy => proxy.Cut()),
            2 => ("network silent", static proxy => proxy.Partition()),
            _ => ("network slow", (Action<TcpFaultProxy>)(static proxy => proxy.Latency = TimeSpan.FromMilliseconds(30))),
        };
        record.Injected(kind);
        disturb(proxy);
        await Task.Delay(length, time, cancellationToken);
        var since = time.GetTimestamp();
        proxy.Latency = TimeSpan.Zero;
        proxy.Heal();
        await WaitForResultsAsync(results() + 1, cancellationToken);
        record.Recovered(kind, since);
    }

    private async Task WaitForResultsAsync(long count, CancellationToken cancellationToken)
    {
        while (results() < count)
        {
            await Task.Delay(Look, time, cancellationToken);
        }
    }

    private int Next(int below)
    {
        lock (_random)
        {
            return _random.Next(below);
        }
    }
}
