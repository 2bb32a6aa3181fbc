using Cluster.Interop.Server;
using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>Runs all cases of the grpc-js client against our server, once.</summary>
public sealed class NodeClientFixture : IAsyncLifetime
{
    internal string? Missing { get; } = ForeignTools.MissingForNode();

    internal CaseResults? Results { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        await using InteropServer server = await InteropServer.StartAsync();
        await using ForeignProcess client = ForeignProcess.Start("node", ["interop_client.js", server.Authority, ForeignTools.ProtoDirectory], ForeignTools.NodeDirectory);
        Results = new CaseResults(await client.WaitAsync(TestContext.Current.CancellationToken));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
