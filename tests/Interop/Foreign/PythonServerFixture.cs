using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>A server of grpcio.</summary>
public sealed class PythonServerFixture : IAsyncLifetime
{
    private string? _directory;
    private ForeignProcess? _server;

    internal string? Missing { get; } = ForeignTools.MissingForPython();

    internal string? Address { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        CancellationToken token = TestContext.Current.CancellationToken;
        _directory = await PythonStubs.CreateAsync(token);
        _server = ForeignProcess.Start(ForeignTools.Python, ["interop_server.py"], _directory);
        Address = $"http://127.0.0.1:{await _server.ReadLineAsync(token)}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_directory is not null)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
