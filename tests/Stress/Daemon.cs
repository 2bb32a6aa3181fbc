using System.Diagnostics;
using System.Globalization;

namespace Cluster.Stress;

/// <summary>A coordinator or a node: a process that says with a line on stdout that it is ready.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly Task<string?> _ready;

    public Daemon(string program, params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "--exit-with-parent", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Id = _process.Id;
        _error = _process.StandardError.ReadToEndAsync();
        _ready = _process.StandardOutput.ReadLineAsync();
    }

    public int Id { get; }

    /// <summary>What it needs now.</summary>
    public Footprint Footprint => Footprint.Of(Id);

    /// <summary>Its children that are alive, as the kernel sees it.</summary>
    public int[] Children
    {
        get
        {
            try
            {
                return [.. Directory.EnumerateDirectories($"/proc/{Id}/task")
                    .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))];
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended.
                return [];
            }
        }
    }

    /// <exception cref="InvalidOperationException">It has ended instead.</exception>
    public async Task<string> WaitUntilReadyAsync(CancellationToken cancellationToken) =>
        await _ready.WaitAsync(cancellationToken) ?? throw new InvalidOperationException($"A process ended: {await _error}");

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
