using System.Diagnostics;
using System.Text.Json;

namespace Cluster.Bench.Comparison;

/// <summary>A CPython process that does the same work with its own pools, one request at a time.</summary>
internal sealed class PythonPeer : IAsyncDisposable
{
    private readonly Process _process;

    private PythonPeer(Process process, string version)
    {
        _process = process;
        Version = version;
    }

    public string Version { get; }

    public static async Task<PythonPeer> StartAsync(string python, CancellationToken cancellationToken)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "pool_peer.py");
        var process = Process.Start(new ProcessStartInfo(python, ["-u", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException($"{python} did not start.");
        var hello = await ReadAsync(process, cancellationToken);
        return new PythonPeer(process, hello.GetProperty("python").GetString()!);
    }

    /// <summary>Runs a row once and returns its seconds: one figure, or several.</summary>
    public async Task<double[]> RunAsync(object request, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var seconds = (await ReadAsync(_process, cancellationToken)).GetProperty("seconds");
        return seconds.ValueKind == JsonValueKind.Array
            ? [.. seconds.EnumerateArray().Select(value => value.GetDouble())]
            : [seconds.GetDouble()];
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(Process process, CancellationToken cancellationToken)
    {
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("The Python peer ended; its error is above.");
        return JsonSerializer.Deserialize<JsonElement>(line);
    }
}
