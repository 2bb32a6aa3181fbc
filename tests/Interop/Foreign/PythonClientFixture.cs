using Cluster.Interop.Server;

namespace Cluster.Interop.Foreign;

/// <summary>Runs all cases of the Python client against our server, once.</summary>
public sealed class PythonClientFixture : PythonFixture
{
    private protected override Task<string> CreateStubsAsync(CancellationToken cancellationToken) => PythonStubs.CreateAsync(cancellationToken);

    private protected override async Task<(int ExitCode, string Output, string Errors)> RunAsync(string directory, CancellationToken cancellationToken)
    {
        await using InteropServer server = await InteropServer.StartAsync();
        await using ForeignProcess client = ForeignProcess.Start(ForeignTools.Python, ["interop_client.py", server.Authority], directory);
        return await client.WaitAsync(cancellationToken);
    }
}
