using System.Globalization;
using Cluster.Interop.Dictionaries;
using Cluster.Interop.Foreign;
using Cluster.Protocol;
using Cluster.TestKit.Network;

namespace Cluster.Interop.Kubernetes;

/// <summary>Runs all cases of scaler_client.py against a coordinator, once.</summary>
public sealed class ScalerClientFixture : PythonFixture, IPythonClient
{
    public static string Script => "scaler_client.py";

    private protected override Task<string> CreateStubsAsync(CancellationToken cancellationToken) => PythonStubs.CreateForClusterAsync(cancellationToken);

    private protected override async Task<(int ExitCode, string Output, string Errors)> RunAsync(string directory, CancellationToken cancellationToken)
    {
        string status = $"127.0.0.1:{FreePort.Find()}";
        await using CoordinatorProgram coordinator = await CoordinatorProgram.StartAsync(cancellationToken, "--status-listen", $"http://{status}");
        string version = ProtocolVersion.Current.ToString(CultureInfo.InvariantCulture);
        await using ForeignProcess client = ForeignProcess.Start(ForeignTools.Python, [Script, coordinator.Authority, status, version], directory);
        return await client.WaitAsync(cancellationToken);
    }
}
