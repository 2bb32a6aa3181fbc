using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cluster.Client;
using Cluster.Functional.Cli;
using Cluster.Functional.Faults;
using Cluster.Functional.Node;
using Cluster.Functional.Tls;
using Xunit;

namespace Cluster.Functional.Hosts;

/// <summary>A coordinator, two nodes and a client, each a process on a host of its own, and somebody who watches from this machine.</summary>
internal sealed class HostCluster : IAsyncDisposable
{
    private const string Secret = "several-hosts-test-token-0123456789abcdef";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _tokenFile = Path.GetTempFileName();
    private readonly List<NodeProcess> _nodes = [];
    private HostNetwork? _network;
    private CoordinatorProcess? _coordinator;
    private ClusterClient? _watching;

    public Host CoordinatorHost { get; private set; } = null!;

    public Host FirstHost { get; private set; } = null!;

    public Host SecondHost { get; private set; } = null!;

    public Host ClientHost { get; private set; } = null!;

    public RunLog Log { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts them: nodes named <c>first</c> and <c>second</c>, with two workers each.</summary>
    /// <param name="lease">How long a node may be silent, in seconds.</param>
    public static async Task<HostCluster> StartAsync(string lease)
    {
        Assert.SkipWhen(HostNetwork.Missing is not null, HostNetwork.Missing ?? "");
        var cluster = new HostCluster();
        try
        {
            await cluster.ConnectAsync();
            await File.WriteAllTextAsync(cluster._tokenFile, Secret, Token);
            cluster._coordinator = await CoordinatorProcess.StartAsync(
                cluster.CoordinatorHost.Wrapper, "--listen", $"http://{cluster.CoordinatorHost.Address}:7070", "--token-file", cluster._tokenFile, "--lease", lease, "--heartbeat-period", "0.2");
            foreach (var (host, name) in new[] { (cluster.FirstHost, "first"), (cluster.SecondHost, "second") })
            {
                var node = new NodeProcess(host.Wrapper, cluster._coordinator.Address, "--name", name, "--token-file", cluster._tokenFile);
                cluster._nodes.Add(node);
                await node.ReadLineAsync(Token);
            }

            cluster._watching = await ClusterClient.ConnectAsync(cluster._coordinator.Address, new ClusterClientOptions { Token = Secret }, Token);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the client run a job.</summary>
    /// <returns>Its results, in the order of the items.</returns>
    public async Task<int[]> RunAsync(string function, int items)
    {
        await using var map = CliProcess.Start(
            ClientHost.Wrapper,
            "map", "--address", _coordinator!.Address, "--token-file", _tokenFile, "--code", Path.Combine(AppContext.BaseDirectory, "Cluster.Functional.Tests.dll"),
            "--function", $"{typeof(HostWork).FullName}.{function}", "--star", "--quiet");
        var output = map.Output.ReadToEndAsync(Token);
        await map.Input.WriteAsync(string.Concat(Enumerable.Range(0, items).Select(item => $"[{JsonSerializer.Serialize(Log.Path)},{item}]\n")).AsMemory(), Token);
        map.Input.Close();
        Assert.True(await map.WaitForExitAsync() == 0, await map.ReadErrorAsync());
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    /// <summary>Waits until something holds of the nodes that are attached.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> WaitForNodesAsync(Func<IReadOnlyList<ClusterNode>, bool> holds)
    {
        var begun = Stopwatch.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!holds(await _watching!.NodesAsync(deadline.Token)))
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }

        return Stopwatch.GetElapsedTime(begun);
    }

    public async ValueTask DisposeAsync()
    {
        if (_watching is not null)
        {
            await _watching.DisposeAsync();
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        if (_coordinator is not null)
        {
            await _coordinator.DisposeAsync();
        }

        if (_network is not null)
        {
            await _network.DisposeAsync();
        }

        Log.Dispose();
        File.Delete(_tokenFile);
    }

    private async Task ConnectAsync()
    {
        _network = await HostNetwork.CreateAsync();
        CoordinatorHost = await _network.AddAsync();
        FirstHost = await _network.AddAsync();
        SecondHost = await _network.AddAsync();
        ClientHost = await _network.AddAsync();
    }
}
