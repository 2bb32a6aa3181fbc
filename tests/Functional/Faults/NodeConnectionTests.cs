using Cluster.Client;
using Cluster.Functional.Node;
using Cluster.Functional.Tls;
using Cluster.TestKit.Network;
using Xunit;

namespace Cluster.Functional.Faults;

/// <summary>What happens to the work of a node when its connection breaks or falls silent: real processes, a proxy between them.</summary>
public sealed class NodeConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_is_reset_costs_nothing()
    {
        await using var coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0");
        await using var proxy = new TcpFaultProxy(coordinator.Address);
        await using var node = new NodeProcess(proxy.Address, "--name", "a");
        await node.ReadLineAsync(Token);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        using var log = new RunLog();
        var path = log.Path;
        var job = cluster.MapAsync(x => Slow(path, x, 1000), Enumerable.Range(0, 4), cancellationToken: Token);
        await log.WaitForAsync(2, Token);
        proxy.Reset();
        await log.WaitForAsync(3, Token);
        proxy.Reset();

        var squares = await job;
        Assert.Equal([0, 1, 4, 9], squares);
        Assert.Equal([0, 1, 2, 3], log.Begun);
        Assert.True(proxy.Accepted >= 3, "Each reset takes another connection.");
    }

    [Fact]
    public async Task A_half_open_connection_is_given_up_for_another_before_the_lease_is_over()
    {
        await using var coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0", "--lease", "2", "--heartbeat-period", "0.2");
        await using var proxy = new TcpFaultProxy(coordinator.Address);
        await using var node = new NodeProcess(proxy.Address, "--name", "a");
        await node.ReadLineAsync(Token);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        using var log = new RunLog();
        var path = log.Path;
        var job = cluster.MapAsync(x => Slow(path, x, 3000), Enumerable.Range(0, 2), cancellationToken: Token);
        await log.WaitForAsync(2, Token);
        proxy.Silence();

        var squares = await job;
        Assert.Equal([0, 1], squares);
        Assert.Equal([0, 1], log.Begun);
        Assert.True(proxy.Accepted >= 2, "The silent connection was not given up.");
    }

    [Fact]
    public async Task A_partition_that_ends_within_the_lease_costs_nothing()
    {
        await using var coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0", "--lease", "4", "--heartbeat-period", "0.2");
        await using var proxy = new TcpFaultProxy(coordinator.Address);
        await using var node = new NodeProcess(proxy.Address, "--name", "a");
        await node.ReadLineAsync(Token);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        using var log = new RunLog();
        var path = log.Path;
        var job = cluster.MapAsync(
            x =>
            {
                var square = Slow(path, x, 1000);
                RunLog.Write(path, 100 + x);
                return square;
            },
            Enumerable.Range(0, 2),
            cancellationToken: Token);
        await log.WaitForAsync(2, Token);
        proxy.Partition();
        await log.WaitForAsync(4, Token);
        proxy.Heal();

        var squares = await job;
        Assert.Equal([0, 1], squares);
        Assert.Equal([0, 1, 100, 101], log.Begun);
    }

    [Fact]
    public async Task The_work_of_a_node_that_falls_silent_goes_elsewhere_and_what_it_says_later_does_not_count()
    {
        await using var coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0", "--lease", "1", "--heartbeat-period", "0.2");
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        await using var frozen = new NodeProcess(coordinator.Address, "--name", "frozen");
        await frozen.ReadLineAsync(Token);
        using var log = new RunLog();
        var path = log.Path;
        var job = cluster.MapAsync(x => UntilReleased(path, x), Enumerable.Range(0, 2), cancellationToken: Token);
        await log.WaitForAsync(2, Token);
        await frozen.SignalAsync("STOP");
        await using var other = new NodeProcess(coordinator.Address, "--name", "other");
        await log.WaitForAsync(4, Token);
        log.Release();
        var squares = await job;
        Assert.Equal([0, 1], squares);
        Assert.Equal([0, 0, 1, 1], log.Begun);

        // It comes back as another node would.
        await frozen.SignalAsync("CONT");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while ((await cluster.NodesAsync(Token)).Count < 2)
        {
            await timer.WaitForNextTickAsync(Token);
        }
    }

    [Fact]
    public async Task The_work_of_a_node_that_is_killed_goes_elsewhere_within_a_second_or_so()
    {
        await using var coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0");
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        await using var dying = new NodeProcess(coordinator.Address, "--name", "dying");
        await dying.ReadLineAsync(Token);
        using var log = new RunLog();
        var path = log.Path;
        var job = cluster.MapAsync(x => Slow(path, x, 400), Enumerable.Range(0, 2), cancellationToken: Token);
        await log.WaitForAsync(2, Token);
        await using var other = new NodeProcess(coordinator.Address, "--name", "other");
        await other.ReadLineAsync(Token);
        dying.Kill();

        var squares = await job;
        Assert.Equal([0, 1], squares);
        Assert.InRange(log.Begun.Count, 2, 4);
    }

    private static int UntilReleased(string path, int x)
    {
        RunLog.WriteAndWait(path, x);
        return x * x;
    }

    private static int Slow(string path, int x, int milliseconds)
    {
        RunLog.Write(path, x);
        Jobs.Workload.Sleep(milliseconds);
        return x * x;
    }
}
