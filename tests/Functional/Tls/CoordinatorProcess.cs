using System.Diagnostics;
using System.Text.Json;
using Cluster.TestKit.Processes;

namespace Cluster.Functional.Tls;

/// <summary>The coordinator program, as its users start it. It ends with the test's process at the latest.</summary>
internal sealed class CoordinatorProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;

    private CoordinatorProcess(string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string[]? wrapper = null)
    {
        string[] command = [.. wrapper ?? [], "dotnet", "exec", ClusterProgram.Coordinator, "--exit-with-parent", .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("CLUSTER_TOKEN");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Where it listens.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts one, and waits until it listens.</summary>
    public static Task<CoordinatorProcess> StartAsync(params string[] arguments) => StartAsync(new Dictionary<string, string>(), arguments);

    /// <summary>The same, with variables.</summary>
    public static Task<CoordinatorProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartAsync(new CoordinatorProcess(arguments, environment));

    /// <summary>The same, by a command that replaces itself with the program, such as <c>ip netns exec NAME</c>.</summary>
    public static Task<CoordinatorProcess> StartAsync(string[] wrapper, params string[] arguments) => StartAsync(new CoordinatorProcess(arguments, wrapper: wrapper));

    /// <summary>Starts one that ends by itself.</summary>
    /// <returns>Its exit code, and what it wrote to stderr.</returns>
    public static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        await using var coordinator = new CoordinatorProcess(arguments);
        await coordinator._process.WaitForExitAsync().WaitAsync(Deadline, TimeProvider.System);
        return (coordinator._process.ExitCode, await coordinator._error);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Deadline, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            throw;
        }
        finally
        {
            _process.Dispose();
        }
    }

    private static async Task<CoordinatorProcess> StartAsync(CoordinatorProcess coordinator)
    {
        try
        {
            var line = await coordinator._process.StandardOutput.ReadLineAsync().WaitAsync(Deadline, TimeProvider.System)
                ?? throw new InvalidOperationException($"The coordinator did not start: {await coordinator._error}");
            coordinator.Address = JsonDocument.Parse(line).RootElement.GetProperty("addresses")[0].GetString()!;
            return coordinator;
        }
        catch
        {
            await coordinator.DisposeAsync();
            throw;
        }
    }
}
