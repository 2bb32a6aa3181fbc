using Cluster.Interop.AdHoc;
using Cluster.Interop.Doors.Callers;
using Cluster.Interop.Foreign;
using Cluster.TestKit.Certificates;
using Cluster.TestKit.Network;
using Xunit;

namespace Cluster.Interop.Doors;

/// <summary>Clusters with doors of each kind, and the clients that go through them.</summary>
public sealed class DoorCoordinators : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-doors-");
    private readonly TestAuthority _authority = new("Cluster Test Authority");
    private readonly List<PushedCluster> _clusters = [];
    private readonly Dictionary<DoorKind, Door> _doors = [];
    private readonly Dictionary<DoorKind, Door> _status = [];
    private readonly Dictionary<ClientKind, ForeignCaller> _callers = [];
    private string? _stubs;

    /// <summary>What this machine lacks; null: nothing.</summary>
    internal string? Missing { get; } = ForeignTools.MissingForPython() ?? ForeignTools.MissingForBuf();

    /// <summary>The descriptors of all services that there are to be, in a file.</summary>
    internal string Contracts => Path.Combine(_folder.FullName, "cluster.binpb");

    internal Door Door(DoorKind kind) => _doors[kind];

    /// <summary>The status port of the same coordinator, which asks for nothing.</summary>
    internal Door Status(DoorKind kind) => _status[kind];

    internal ForeignCaller Caller(ClientKind kind) => _callers[kind];

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        var token = TestContext.Current.CancellationToken;
        await Protoset.WriteAsync(Contracts, token);
        _stubs = await PythonStubs.CreateForClusterAsync(token);
        _callers[ClientKind.Buf] = new BufCaller(Contracts);
        _callers[ClientKind.Python] = new PythonCaller(_stubs, Contracts);
        await StartClustersAsync(token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var caller in _callers.Values)
        {
            await caller.DisposeAsync();
        }

        foreach (var cluster in _clusters)
        {
            await cluster.DisposeAsync();
        }

        if (_stubs is not null)
        {
            Directory.Delete(_stubs, recursive: true);
        }

        _folder.Delete(recursive: true);
        _authority.Dispose();
    }

    private async Task StartClustersAsync(CancellationToken cancellationToken)
    {
        var (tokens, one) = (Write("tokens", DoorTokens.File), Write("token", DoorTokens.Of("admin")));
        var (server, client) = (_authority.IssueServer("127.0.0.1"), _authority.IssueClient("caller"));
        string[] secure = ["--token-file", tokens, "--listen", "https://127.0.0.1:0", "--tls-certificate", server.File, "--tls-key", server.KeyFile];
        string[] trusting = ["--token-file", one, "--tls-ca", _authority.File];

        var open = await StartAsync([], [], cancellationToken, DoorKind.Plain);
        var guarded = await StartAsync(secure, trusting, cancellationToken, DoorKind.Token, DoorKind.Tls);
        var mutual = await StartAsync(
            [.. secure, "--tls-client-ca", _authority.File], [.. trusting, "--tls-certificate", client.File, "--tls-key", client.KeyFile], cancellationToken, DoorKind.MutualTls);
        _doors[DoorKind.Plain] = new Door(open.Address);
        _doors[DoorKind.Token] = new Door(guarded.Address, AsksForTokens: true);
        _doors[DoorKind.Tls] = new Door(guarded.Addresses[1], _authority.File, AsksForTokens: true);
        _doors[DoorKind.MutualTls] = new Door(mutual.Addresses[1], _authority.File, client, AsksForTokens: true);
    }

    private async Task<PushedCluster> StartAsync(string[] listening, string[] dialling, CancellationToken cancellationToken, params DoorKind[] doors)
    {
        var status = new Door($"http://127.0.0.1:{FreePort.Find()}");
        var cluster = await PushedCluster.StartAsync([.. listening, "--status-listen", status.Address], dialling, cancellationToken);
        _clusters.Add(cluster);
        foreach (var door in doors)
        {
            _status[door] = status;
        }

        return cluster;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
