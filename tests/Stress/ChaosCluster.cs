using System.Text.Json;
using Cluster.TestKit.Network;
using Cluster.TestKit.Processes;

namespace Cluster.Stress;

/// <summary>A coordinator and nodes as processes, each way between them through a proxy.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cluster-stress-");
    private readonly FaultRecord _record;
    private readonly List<Daemon> _nodes = [];
    private readonly List<TcpFaultProxy> _proxies = [];
    private string _address = "http://127.0.0.1:0";
    private Daemon? _coordinator;
    private int _lastNode;

    private ChaosCluster(FaultRecord record) => _record = record;

    /// <summary>The nodes; node i dials proxy i.</summary>
    public IReadOnlyList<Daemon> Nodes => _nodes;

    /// <summary>The ways to the coordinator: those of the nodes, and the client's.</summary>
    public IReadOnlyList<TcpFaultProxy> Proxies => _proxies;

    public Daemon Coordinator => _coordinator!;

    public string ClientAddress => _proxies[^1].Address;

    public static async Task<ChaosCluster> StartAsync(int nodes, FaultRecord record, CancellationToken cancellationToken)
    {
        var cluster = new ChaosCluster(record);
        await cluster.StartCoordinatorAsync(cancellationToken);
        for (var i = 0; i <= nodes; i++)
        {
            cluster._proxies.Add(new TcpFaultProxy(cluster._address));
        }

        for (var i = 0; i < nodes; i++)
        {
            cluster._nodes.Add(cluster.StartNode(i));
            await cluster._nodes[i].WaitUntilReadyAsync(cancellationToken);
        }

        return cluster;
    }

    /// <summary>Kills the coordinator, and starts it again where it was.</summary>
    public async Task RestartCoordinatorAsync(CancellationToken cancellationToken)
    {
        await _coordinator!.DisposeAsync();
        _record.Injected("coordinator killed");
        await StartCoordinatorAsync(cancellationToken);
    }

    /// <summary>Kills a node; another takes its place.</summary>
    public async Task ReplaceNodeAsync(int index, CancellationToken cancellationToken)
    {
        await _nodes[index].DisposeAsync();
        _nodes[index] = StartNode(index);
        await _nodes[index].WaitUntilReadyAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _coordinator!.DisposeAsync();
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    private async Task StartCoordinatorAsync(CancellationToken cancellationToken)
    {
        _coordinator = new Daemon(
            ClusterProgram.Coordinator, "--listen", _address, "--data-dir", Path.Combine(_data.FullName, "coordinator"));
        using var ready = JsonDocument.Parse(await _coordinator.WaitUntilReadyAsync(cancellationToken));
        _address = ready.RootElement.GetProperty("addresses")[0].GetString()!;
    }

    private Daemon StartNode(int index) => new(
        ClusterProgram.Node,
        "--coordinator", _proxies[index].Address,
        "--name", $"node-{++_lastNode}",
        "--workers", "2",
        "--cache-dir", Path.Combine(_data.FullName, "code"));
}
