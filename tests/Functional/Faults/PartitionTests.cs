using Cluster.Client;
using Cluster.Functional.Node;
using Cluster.Functional.Tls;
using Xunit;

namespace Cluster.Functional.Faults;

/// <summary>A node in a network of its own, whose cable is pulled: nothing is closed, packets are lost.</summary>
public sealed class PartitionTests : IAsyncLifetime
{
    private const string Secret = "partition-test-token-0123456789abcdef";

    private readonly string _tokenFile = Path.GetTempFileName();
    private NetworkNamespace? _network;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkNamespace.Missing is not null, NetworkNamespace.Missing ?? "");
        await File.WriteAllTextAsync(_tokenFile, Secret, Token);
        _network = await NetworkNamespace.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }

        File.Delete(_tokenFile);
    }

    [Fact]
    public async Task One_that_ends_within_the_lease_costs_nothing()
    {
        await using var coordinator = await StartAsync(lease: "8");
        await using var node = await AttachAsync(coordinator);
        await using var cluster = await ConnectAsync(coordinator);
        using var log = new RunLog();
        var job = RunAsync(cluster, log.Path);
        await log.WaitForAsync(2, Token);
        await _network!.PartitionAsync();
        await log.WaitForAsync(4, Token);
        await _network.HealAsync();

        var squares = await job;
        Assert.Equal([0, 1], squares);
        Assert.Equal([0, 1, 100, 101], log.Begun);
    }

    [Fact]
    public async Task One_that_lasts_longer_costs_the_node_its_work_and_it_comes_back()
    {
        await using var coordinator = await StartAsync(lease: "1.5");
        await using var node = await AttachAsync(coordinator);
        await using var cluster = await ConnectAsync(coordinator);
        using var log = new RunLog();
        var job = RunAsync(cluster, log.Path);
        await log.WaitForAsync(2, Token);
        await _network!.PartitionAsync();
        await using var other = new NodeProcess(coordinator.Address, "--name", "other", "--token-file", _tokenFile);
        var squares = await job;
        Assert.Equal([0, 1], squares);

        await _network.HealAsync();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!(await cluster.NodesAsync(Token)).Any(attached => attached.Name == "away"))
        {
            await timer.WaitForNextTickAsync(Token);
        }
    }

    private Task<CoordinatorProcess> StartAsync(string lease) => CoordinatorProcess.StartAsync(
        "--listen", $"http://{_network!.Host}:0", "--token-file", _tokenFile, "--lease", lease, "--heartbeat-period", "0.2");

    private async Task<NodeProcess> AttachAsync(CoordinatorProcess coordinator)
    {
        var node = new NodeProcess(_network!.Wrapper, coordinator.Address, "--name", "away", "--token-file", _tokenFile);
        await node.ReadLineAsync(Token);
        return node;
    }

    private static Task<ClusterClient> ConnectAsync(CoordinatorProcess coordinator) =>
        ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { Token = Secret }, Token);

    private static Task<int[]> RunAsync(ClusterClient cluster, string path) => cluster.MapAsync(
        x =>
        {
            RunLog.Write(path, x);
            Jobs.Workload.Sleep(1000);
            RunLog.Write(path, 100 + x);
            return x * x;
        },
        Enumerable.Range(0, 2),
        cancellationToken: Token);
}
