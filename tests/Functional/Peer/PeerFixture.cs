using System.ComponentModel;
using System.Diagnostics;
using Cluster.Client;
using Cluster.Functional.Tls;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Functional.Peer;

/// <summary>Runs the cases with CPython, once, and has a coordinator with two clients.</summary>
public sealed class PeerFixture : IAsyncLifetime
{
    private CoordinatorProcess? _coordinator;

    internal string? Missing { get; private set; }

    internal Dictionary<string, string> Lines { get; private set; } = [];

    internal ClusterClient One { get; private set; } = null!;

    internal ClusterClient Two { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        try
        {
            Lines = await RunScriptAsync();
        }
        catch (Win32Exception exception)
        {
            Missing = $"python3 is not on the PATH: {exception.Message}";
            return;
        }

        _coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0");
        One = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        Two = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_coordinator is not null)
        {
            await One.DisposeAsync();
            await Two.DisposeAsync();
            await _coordinator.DisposeAsync();
        }
    }

    private static async Task<Dictionary<string, string>> RunScriptAsync()
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "Peer", "multiprocessing_cases.py")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using var python = Process.Start(start)!;
        try
        {
            var errors = python.StandardError.ReadToEndAsync(Token);
            var output = await python.StandardOutput.ReadToEndAsync(Token).Within();
            await python.WaitForExitAsync(Token).Within();
            Assert.True(python.ExitCode == 0, $"The script ended with {python.ExitCode}.\n{output}\n{await errors}");
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(": ", 2)).ToDictionary(static line => line[0], static line => line[1]);
        }
        finally
        {
            if (!python.HasExited)
            {
                python.Kill(entireProcessTree: true);
            }
        }
    }
}
