using Cluster.Client;
using Cluster.Containers.Engine;
using Cluster.Containers.Images;

namespace Cluster.Containers.Running;

/// <summary>A coordinator and nodes in containers on a network of their own, told what the manifests tell them, and a client outside.</summary>
internal sealed class ContainerCluster : IAsyncDisposable
{
    // Name service differs between engines; the name is what the manifests have.
    private const string CoordinatorHost = "cluster-coordinator";
    private const string CoordinatorCard = "02:00:00:00:70:70";
    private const string TokenFolder = "/etc/cluster/token";

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Podman _podman;
    private readonly PrivateNetwork _network;
    private readonly string _address;
    private readonly Tokens _tokens;
    private readonly Dictionary<string, Container> _nodes = [];
    private Container? _coordinator;

    private ContainerCluster(Podman podman, PrivateNetwork network)
    {
        _podman = podman;
        _network = network;
        _address = network.NextAddress();
        _tokens = new Tokens(podman.Folder);
        Runs = new Runs(podman.Folder);
    }

    public ClusterClient Client { get; private set; } = null!;

    /// <summary>What all nodes can write to.</summary>
    public Runs Runs { get; }

    public Container Coordinator => _coordinator!;

    private string Volume => $"{_network.Name}-data";

    /// <summary>Starts a coordinator, and such nodes.</summary>
    public static async Task<ContainerCluster> StartAsync(Podman podman, CancellationToken cancellationToken, params string[] nodes)
    {
        var cluster = new ContainerCluster(podman, await PrivateNetwork.CreateAsync(podman, cancellationToken));
        try
        {
            await cluster.StartCoordinatorAsync(cancellationToken);
            cluster.Client = await ClusterClient.ConnectAsync($"http://{cluster._address}:7070", new ClusterClientOptions { Token = cluster._tokens.Admin }, cancellationToken);
            foreach (var node in nodes)
            {
                await cluster.AddNodeAsync(node, cancellationToken);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a coordinator with the volume and at the address of the last one, which has ended.</summary>
    public async Task StartCoordinatorAsync(CancellationToken cancellationToken)
    {
        if (_coordinator is not null)
        {
            await _coordinator.DisposeAsync();
        }

        // :U makes the volume the user's, as fsGroup does. The same address on another card would be looked for at the old one for a while.
        string[] options = ["--ip", _address, "--mac-address", CoordinatorCard, "--volume", $"{Volume}:/var/lib/cluster:U", "--volume", $"{_tokens.Coordinator}:{TokenFolder}/tokens:ro"];
        string[] arguments =
        [
            "--listen=http://0.0.0.0:7070", "--status-listen=http://0.0.0.0:7071", "--metrics-listen=http://0.0.0.0:7072", "--data-dir=/var/lib/cluster", "--fsync=always",
            "--lease=5", $"--token-file={TokenFolder}/tokens", "--log-format=json",
        ];
        _coordinator = await StartAsync("coordinator", CoordinatorHost, [.. Confinement.Options(cpus: 1, memoryMebibytes: 512), .. options], arguments, cancellationToken);
    }

    /// <summary>Adds a node, and waits until it is attached.</summary>
    public async Task AddNodeAsync(string name, CancellationToken cancellationToken, double cpus = 1, int memoryMebibytes = 512, int drainGrace = 30)
    {
        string[] options =
        [
            "--ip", _network.NextAddress(), "--tmpfs=/var/cache/cluster:rw,mode=0777", "--volume", $"{_tokens.Node}:{TokenFolder}/token:ro", "--volume", $"{Runs.Folder}:{Runs.Folder}",
        ];
        string[] arguments =
        [
            "--coordinator", $"http://{CoordinatorHost}:7070", "--name", name, "--label", $"kubernetes-node={name}", "--drain-grace", $"{drainGrace}", "--cache-dir", "/var/cache/cluster",
            "--status-listen", "http://0.0.0.0:7071", "--token-file", $"{TokenFolder}/token", "--log-format", "json",
        ];
        _nodes[name] = await StartAsync("node", name, [.. Confinement.Options(cpus, memoryMebibytes), .. options], arguments, cancellationToken);
    }

    /// <summary>A node that was added.</summary>
    public Container Node(string name) => _nodes[name];

    /// <summary>Waits until something holds of the nodes that are attached.</summary>
    public async Task WaitForNodesAsync(Func<IReadOnlyList<ClusterNode>, bool> holds, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        while (!holds(await Client.NodesAsync(deadline.Token)))
        {
            await Task.Delay(LookAgain, TimeProvider.System, deadline.Token);
        }
    }

    /// <summary>Runs the command line in a container of its own, as deploy/k8s/examples/map-job.yaml does.</summary>
    /// <returns>The lines that it wrote to stdout.</returns>
    public async Task<string[]> RunCommandAsync(string command, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var output = await _podman.RunAsync(
            cancellationToken,
            [
                "run", "--rm", .. OnTheNetwork("client"), .. Confinement.Options(cpus: 1, memoryMebibytes: 512), "--volume", $"{_tokens.Client}:{TokenFolder}/token:ro",
                BuiltImages.Name("cli"), .. command.Split(' '), $"--address=http://{CoordinatorHost}:7070", $"--token-file={TokenFolder}/token", .. arguments,
            ]);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null)
        {
            await Client.DisposeAsync();
        }

        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }

        if (_coordinator is not null)
        {
            await _coordinator.DisposeAsync();
        }

        await _podman.RunAsync(CancellationToken.None, "volume", "rm", "--force", Volume);
        await _network.DisposeAsync();
    }

    private Task<Container> StartAsync(string image, string host, string[] options, string[] arguments, CancellationToken cancellationToken) =>
        Container.StartAsync(_podman, $"{_network.Name}-{host}", [.. OnTheNetwork(host), .. options, BuiltImages.Name(image), .. arguments], cancellationToken);

    private string[] OnTheNetwork(string host) => ["--network", _network.Name, "--hostname", host, "--add-host", $"{CoordinatorHost}:{_address}"];
}
