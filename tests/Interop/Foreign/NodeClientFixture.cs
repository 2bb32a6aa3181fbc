using Cluster.Interop.Server;

namespace Cluster.Interop.Foreign;

/// <summary>Runs all cases of the grpc-js client against our server, once.</summary>
public sealed class NodeClientFixture() : CaseFixture(ForeignTools.MissingForNode())
{
    private protected override async Task<(int ExitCode, string Output, string Errors)> RunAsync(CancellationToken cancellationToken)
    {
        await using InteropServer server = await InteropServer.StartAsync();
        await using ForeignProcess client = ForeignProcess.Start("node", ["interop_client.js", server.Authority, ForeignTools.ProtoDirectory], ForeignTools.NodeDirectory);
        return await client.WaitAsync(cancellationToken);
    }
}
