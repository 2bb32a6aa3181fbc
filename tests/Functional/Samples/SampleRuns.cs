using System.Diagnostics;
using Cluster.TestKit.Processes;

namespace Cluster.Functional.Samples;

/// <summary>
/// Runs every listing once, a few at a time: most of them sleep, as the originals do, so that together they take as long as the
/// longest and not as all.
/// </summary>
public sealed class SampleRuns : IDisposable
{
    private static readonly string[] LongestFirst = ["QueueRandom", "ProcessProd", "QueueProd", "PipeProd", "ManagerProd", "QueueProducerConsumer", "ImageProcessing", "ParallelVersusSerial", "ExecutorSubmit", "PoolApplyAsync"];

    private readonly SemaphoreSlim _slots = new(4);
    private readonly Dictionary<string, Task<SampleRun>> _runs;

    // All start here; the slots hold back those that are too many.
    public SampleRuns() => _runs = Listings
        .OrderBy(name => Array.IndexOf(LongestFirst, name) is var at && at < 0 ? int.MaxValue : at)
        .ToDictionary(name => name, RunAsync);

    public static IEnumerable<string> Listings =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Samples", "Expected"), "*.txt")
            .Select(path => Path.GetFileNameWithoutExtension(path));

    public Task<SampleRun> this[string name] => _runs[name];

    public void Dispose() => _slots.Dispose();

    private async Task<SampleRun> RunAsync(string name)
    {
        await _slots.WaitAsync();
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", BuildOutput.Of("samples/Multiprocessing", "Cluster.Samples.Multiprocessing.dll"), name])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return new SampleRun(process.ExitCode, await output, await error);
        }
        finally
        {
            _slots.Release();
        }
    }
}
