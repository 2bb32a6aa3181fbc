using System.Diagnostics;
using System.Globalization;
using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>Lazy maps keep every process's memory flat, whatever passes through.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task Ten_million_tiny_items_leave_memory_flat()
    {
        await using var local = await StartAsync();
        long sum = 0;

        var growth = await PeakGrowthAsync(async () =>
        {
            await foreach (var result in local.Client.IMapAsync(x => x + 1, Enumerable.Range(0, 10_000_000)).WithCancellation(TestContext.Current.CancellationToken))
            {
                sum += result;
            }
        });

        Assert.Equal(10_000_000L * 10_000_001 / 2, sum);
        Assert.All(growth, process => Assert.InRange(process.MiB, 0, 400));
    }

    [Fact]
    public async Task Ten_thousand_items_of_a_mebibyte_leave_memory_flat()
    {
        await using var local = await StartAsync();
        var block = new byte[MiB];
        var count = 0;

        var growth = await PeakGrowthAsync(async () =>
        {
            await foreach (var result in local.Client.IMapAsync(x => x, Enumerable.Repeat(block, 10_000)).WithCancellation(TestContext.Current.CancellationToken))
            {
                Assert.Equal(MiB, result.Length);
                count++;
            }
        });

        Assert.Equal(10_000, count);
        Assert.All(growth, process => Assert.InRange(process.MiB, 0, 800));
    }

    private static Task<LocalCluster> StartAsync() =>
        LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 2 }, TestContext.Current.CancellationToken);

    /// <summary>By how much the peak resident memory of this process and of every descendant has grown.</summary>
    private static async Task<IReadOnlyList<(string Name, double MiB)>> PeakGrowthAsync(Func<Task> work)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Peak memory is read from /proc.");
        foreach (var pid in Peaks().Keys)
        {
            // 5: forget the peak so far.
            await File.WriteAllTextAsync($"/proc/{pid}/clear_refs", "5");
        }

        var before = Peaks();
        await work();
        var after = Peaks();
        return [.. after.Select(process => ($"{process.Value.Name} ({process.Key})", process.Value.MiB - before.GetValueOrDefault(process.Key).MiB))];
    }

    private static Dictionary<int, (string Name, double MiB)> Peaks()
    {
        var peaks = new Dictionary<int, (string, double)>();
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (Peak(process.Id) is { } peak)
                {
                    peaks[process.Id] = peak;
                }
            }
        }

        return peaks;
    }

    private static (string Name, double MiB)? Peak(int pid)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{pid}/cmdline");
            if (pid != Environment.ProcessId && !command.Contains("Cluster.", StringComparison.Ordinal))
            {
                return null;
            }

            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? null : (command.Replace('\0', ' ').Trim(), double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024);
        }
        catch (IOException)
        {
            // The process ended while it was being read.
            return null;
        }
    }
}
