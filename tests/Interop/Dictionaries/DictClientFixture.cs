using System.Globalization;
using Cluster.Interop.Foreign;
using Cluster.Protocol;
using Xunit;

namespace Cluster.Interop.Dictionaries;

/// <summary>Runs all cases of dict_client.py against a coordinator, once.</summary>
public sealed class DictClientFixture : IAsyncLifetime
{
    internal string? Missing { get; } = ForeignTools.MissingForPython();

    internal CaseResults? Results { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        CancellationToken token = TestContext.Current.CancellationToken;
        string directory = await PythonStubs.CreateForClusterAsync(token);
        try
        {
            await using CoordinatorProgram coordinator = await CoordinatorProgram.StartAsync(token);
            await using ForeignProcess client = ForeignProcess.Start(
                ForeignTools.Python,
                ["dict_client.py", coordinator.Authority, ProtocolVersion.Current.ToString(CultureInfo.InvariantCulture)],
                directory);
            Results = new CaseResults(await client.WaitAsync(token));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
