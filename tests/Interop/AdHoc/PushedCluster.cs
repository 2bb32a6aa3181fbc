using Cluster.Interop.Dictionaries;
using Cluster.Interop.Foreign;
using Cluster.TestKit.Processes;

namespace Cluster.Interop.AdHoc;

/// <summary>A coordinator and a node as processes of their own, and the functions of samples/Functions, pushed from the command line.</summary>
internal sealed class PushedCluster : IAsyncDisposable
{
    private readonly CoordinatorProgram _coordinator;
    private readonly ForeignProcess _node;

    private PushedCluster(CoordinatorProgram coordinator, ForeignProcess node) => (_coordinator, _node) = (coordinator, node);

    /// <summary>Such as <c>http://127.0.0.1:7070</c>.</summary>
    public string Address => _coordinator.Address;

    /// <summary>The same without the scheme.</summary>
    public string Authority => _coordinator.Authority;

    /// <summary>Where the coordinator listens: the plain address first, then those that were asked for.</summary>
    public IReadOnlyList<string> Addresses => _coordinator.Addresses;

    public static Task<PushedCluster> StartAsync(CancellationToken cancellationToken) => StartAsync([], [], cancellationToken);

    /// <param name="listening">More of the coordinator's command line.</param>
    /// <param name="dialling">More of the node's, and of the command that pushes: both dial the coordinator's last address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PushedCluster> StartAsync(string[] listening, string[] dialling, CancellationToken cancellationToken)
    {
        var coordinator = await CoordinatorProgram.StartAsync(cancellationToken, listening);
        var node = ForeignProcess.Start(
            "dotnet",
            [ClusterProgram.Node, "--coordinator", coordinator.Addresses[^1], "--name", "node-1", "--workers", "2", .. dialling],
            AppContext.BaseDirectory);
        var cluster = new PushedCluster(coordinator, node);
        try
        {
            await node.ReadLineAsync(cancellationToken);
            await using var push = ForeignProcess.Start(
                "dotnet",
                [BuildOutput.Of("src/Cli", "cluster.dll"), "push", BuildOutput.Of("samples/Functions", "samples.dll"), "--address", coordinator.Addresses[^1], .. dialling],
                AppContext.BaseDirectory);
            var (exitCode, _, errors) = await push.WaitAsync(cancellationToken);
            return exitCode == 0 ? cluster : throw new InvalidOperationException(errors);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _coordinator.DisposeAsync();
    }
}
