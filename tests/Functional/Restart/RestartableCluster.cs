using System.Diagnostics;
using Cluster.Client;
using Cluster.Functional.Node;
using Cluster.Functional.Tls;
using Cluster.TestKit.Network;
using Cluster.TestKit.Processes;

namespace Cluster.Functional.Restart;

/// <summary>A coordinator over TCP and one node, each a process of its own, and a client. The coordinator can be ended and started again.</summary>
internal sealed class RestartableCluster : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    private readonly DirectoryInfo _data;
    private readonly string _address;
    private readonly string[] _options;
    private CoordinatorProcess _coordinator;

    private RestartableCluster(DirectoryInfo data, string address, string[] options, CoordinatorProcess coordinator, NodeProcess node, ClusterClient client)
    {
        _data = data;
        _address = address;
        _options = options;
        _coordinator = coordinator;
        Node = node;
        Client = client;
    }

    public NodeProcess Node { get; }

    public ClusterClient Client { get; }

    /// <summary>When the coordinator listened again.</summary>
    public long ListensSince { get; private set; }

    /// <summary>Starts it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="options">More of the coordinator's command line.</param>
    public static async Task<RestartableCluster> StartAsync(CancellationToken cancellationToken, params string[] options)
    {
        var data = Directory.CreateTempSubdirectory("cluster-restart-test-");
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var coordinator = await StartCoordinatorAsync(address, data, options);
        var node = new NodeProcess(address);
        await node.ReadLineAsync(cancellationToken);
        return new RestartableCluster(data, address, options, coordinator, node, await ClusterClient.ConnectAsync(address, cancellationToken: cancellationToken));
    }

    /// <summary>Ends the coordinator's process, and waits until it is gone.</summary>
    public async Task StopAsync(int signal)
    {
        Signals.Send(_coordinator.Id, signal);
        await _coordinator.DisposeAsync();
    }

    /// <summary>Starts another one at the same address, with the same directory.</summary>
    public async Task StartAgainAsync()
    {
        _coordinator = await StartCoordinatorAsync(_address, _data, _options);
        ListensSince = Stopwatch.GetTimestamp();
    }

    /// <summary>Waits until the node has found the coordinator.</summary>
    public async Task WaitForNodeAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookAgain, TimeProvider.System);
        while ((await Client.NodesAsync(cancellationToken)).Count == 0)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Node.DisposeAsync();
        await _coordinator.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private static Task<CoordinatorProcess> StartCoordinatorAsync(string address, DirectoryInfo data, string[] options) =>
        CoordinatorProcess.StartAsync(["--listen", address, "--data-dir", data.FullName, .. options]);
}
