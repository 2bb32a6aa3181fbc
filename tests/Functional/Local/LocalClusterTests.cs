using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Local;

public sealed class LocalClusterTests
{
    private static readonly LocalClusterOptions Small = new() { WorkersPerNode = 1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_runs_functions()
    {
        await using var local = await LocalCluster.StartAsync(Small, Token);
        var squares = await local.Client.MapAsync(x => x * x, [1, 2, 3], cancellationToken: Token);
        Assert.Equal([1, 4, 9], squares);
    }

    [Fact]
    public async Task Others_reach_it_at_its_address()
    {
        await using var local = await LocalCluster.StartAsync(Small, Token);
        Assert.True(new Uri(local.Address).IsLoopback);
        await using var other = await ClusterClient.ConnectAsync(local.Address, cancellationToken: Token);
        Assert.Equal(["node-1"], (await other.NodesAsync(Token)).Select(node => node.Name));
    }

    [Fact]
    public async Task A_token_protects_it()
    {
        var options = Small with { Client = new ClusterClientOptions { Token = "secret" } };
        await using var local = await LocalCluster.StartAsync(options, Token);
        Assert.Single(await local.Client.NodesAsync(Token));
        await Assert.ThrowsAsync<ClusterUnavailableException>(() => ClusterClient.ConnectAsync(local.Address, cancellationToken: Token));
    }

    [Fact]
    public async Task Nodes_have_the_size_and_labels_that_were_asked_for()
    {
        var options = new LocalClusterOptions
        {
            Nodes = 2,
            WorkersPerNode = 2,
            ThreadsPerWorker = 3,
            NodeLabels = [new Dictionary<string, string> { ["disk"] = "fast" }],
        };
        await using var local = await LocalCluster.StartAsync(options, Token);
        var nodes = await local.Client.NodesAsync(Token);
        Assert.Equal([6, 6], nodes.Select(node => node.Slots));
        Assert.Equal(["fast", null], nodes.Select(node => node.Labels.GetValueOrDefault("disk")));
    }

    [Fact]
    public async Task Nodes_come_and_go()
    {
        await using var local = await LocalCluster.StartAsync(Small, Token);
        Assert.Equal(1, await local.Processes.AddNodeAsync(Token));
        Assert.Equal(["node-1", "node-2"], (await local.Client.NodesAsync(Token)).Select(node => node.Name));

        await local.Processes.KillNodeAsync(0, Token);
        Assert.Equal(4, await local.Client.Submit(x => x + 1, 3, cancellationToken: Token));

        await local.Processes.RestartNodeAsync(0, Token);
        Assert.Contains("node-1", (await local.Client.NodesAsync(Token)).Where(node => node.IsReady).Select(node => node.Name));
    }

    [Fact]
    public async Task Disposal_ends_every_process()
    {
        var coordinator = 0;
        await using (var local = await LocalCluster.StartAsync(Small, Token))
        {
            coordinator = local.Processes.CoordinatorId;
            using var running = System.Diagnostics.Process.GetProcessById(coordinator);
            Assert.False(running.HasExited);
        }

        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(coordinator));
    }

    [Fact]
    public async Task Programs_that_are_missing_are_named()
    {
        var error = await Assert.ThrowsAsync<LocalClusterException>(() => LocalCluster.StartAsync(Small with { ProgramsDirectory = "/nowhere" }, Token));
        Assert.Contains("Cluster.Coordinator.dll is not in /nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_ends_at_once_tells_why()
    {
        var error = await Assert.ThrowsAsync<LocalClusterException>(
            () => LocalCluster.StartAsync(Small with { Listen = new Uri("http://192.0.2.1:7070") }, Token));
        Assert.Contains("coordinator", error.Message, StringComparison.Ordinal);
        Assert.Contains("192.0.2.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_takes_too_long_is_given_up()
    {
        var error = await Assert.ThrowsAsync<LocalClusterException>(
            () => LocalCluster.StartAsync(Small with { StartTimeout = TimeSpan.FromMilliseconds(1) }, Token));
        Assert.Contains("within 0.001 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("coordinator is not ready", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var starting = LocalCluster.StartAsync(Small, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }
}
