using System.Globalization;
using Cluster.Interop.Foreign;
using Cluster.Protocol;

namespace Cluster.Interop.Dictionaries;

/// <summary>Runs all cases of dict_client.py against a coordinator, once.</summary>
public sealed class DictClientFixture : PythonFixture, IPythonClient
{
    public static string Script => "dict_client.py";

    private protected override Task<string> CreateStubsAsync(CancellationToken cancellationToken) => PythonStubs.CreateForClusterAsync(cancellationToken);

    private protected override async Task<(int ExitCode, string Output, string Errors)> RunAsync(string directory, CancellationToken cancellationToken)
    {
        await using CoordinatorProgram coordinator = await CoordinatorProgram.StartAsync(cancellationToken);
        string version = ProtocolVersion.Current.ToString(CultureInfo.InvariantCulture);
        await using ForeignProcess client = ForeignProcess.Start(ForeignTools.Python, [Script, coordinator.Authority, version], directory);
        return await client.WaitAsync(cancellationToken);
    }
}
