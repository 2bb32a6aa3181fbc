using Cluster.Interop.Foreign;

namespace Cluster.Interop.AdHoc;

/// <summary>Runs all cases of adhoc_client.py against a cluster, once.</summary>
public sealed class AdHocClientFixture : PythonFixture, IPythonClient
{
    public static string Script => "adhoc_client.py";

    private protected override Task<string> CreateStubsAsync(CancellationToken cancellationToken) => PythonStubs.CreateForClusterAsync(cancellationToken);

    private protected override async Task<(int ExitCode, string Output, string Errors)> RunAsync(string directory, CancellationToken cancellationToken)
    {
        await using var cluster = await PushedCluster.StartAsync(cancellationToken);
        await using var client = ForeignProcess.Start(ForeignTools.Python, [Script, cluster.Authority], directory);
        return await client.WaitAsync(cancellationToken);
    }
}
