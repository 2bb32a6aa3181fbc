using System.Diagnostics;
using System.Globalization;
using Cluster.Containers.Engine;

namespace Cluster.Containers.Running;

/// <summary>A container that runs, with its output.</summary>
internal sealed class Container : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Podman _podman;
    private Process _process;
    private Task<string> _error;

    private Container(Podman podman, string name, Process process)
    {
        _podman = podman;
        Name = name;
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public string Name { get; }

    /// <summary>What it has written to stderr, once it has ended.</summary>
    public Task<string> Error => _error.WaitAsync(Patience, TimeProvider.System);

    /// <summary>Starts one, and waits for the first line that it writes.</summary>
    public static async Task<Container> StartAsync(Podman podman, string name, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var container = new Container(podman, name, podman.Start(["run", "--name", name, .. arguments]));
        try
        {
            await container.WaitForLineAsync(cancellationToken);
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after its end: the same container, as Kubernetes does not, with whatever it had left.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        _process.Dispose();
        _process = _podman.Start("start", "--attach", Name);
        _error = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        await WaitForLineAsync(cancellationToken);
    }

    public Task SignalAsync(string signal, CancellationToken cancellationToken) => _podman.RunAsync(cancellationToken, "kill", "--signal", signal, Name);

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code of its first process.</returns>
    public async Task<int> WaitForEndAsync(CancellationToken cancellationToken)
    {
        var exitCode = int.Parse(await _podman.RunAsync(cancellationToken, "wait", "--interval", "50ms", Name), CultureInfo.InvariantCulture);
        EndCommand();
        return exitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _podman.RunAsync(CancellationToken.None, "rm", "--force", "--ignore", "--time", "0", Name);
        EndCommand();
        _process.Dispose();
    }

    private void EndCommand()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    private async Task WaitForLineAsync(CancellationToken cancellationToken)
    {
        if (await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, cancellationToken) is null)
        {
            throw new InvalidOperationException($"{Name} did not come up: {await Error}");
        }
    }
}
