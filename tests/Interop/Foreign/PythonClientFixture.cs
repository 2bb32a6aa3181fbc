using Cluster.Interop.Server;
using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>Runs all cases of the Python client against our server, once.</summary>
public sealed class PythonClientFixture : IAsyncLifetime
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
        string directory = await PythonStubs.CreateAsync(token);
        try
        {
            await using InteropServer server = await InteropServer.StartAsync();
            await using ForeignProcess client = ForeignProcess.Start(ForeignTools.Python, ["interop_client.py", server.Authority], directory);
            Results = new CaseResults(await client.WaitAsync(token));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
