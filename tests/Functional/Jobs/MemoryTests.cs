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
        AssertFlat(growth, 400);
    }

    [Fact]
    public Task Ten_thousand_items_of_a_mebibyte_leave_memory_flat() => MebibytesLeaveMemoryFlatAsync(block => block, result => result.Length);

    [Fact]
    public Task Ten_thousand_items_of_a_mebibyte_leave_memory_flat_where_their_results_are_tiny() =>
        MebibytesLeaveMemoryFlatAsync(block => block.Length, result => result);

    private static async Task MebibytesLeaveMemoryFlatAsync<TResult>(Func<byte[], TResult> function, Func<TResult, int> length)
    {
        await using var local = await StartAsync();
        var block = new byte[MiB];
        var count = 0;

        var growth = await PeakGrowthAsync(async () =>
        {
            await foreach (var result in local.Client.IMapAsync(function, Enumerable.Repeat(block, 10_000)).WithCancellation(TestContext.Current.CancellationToken))
            {
                Assert.Equal(MiB, length(result));
                count++;
            }
        });

        Assert.Equal(10_000, count);
        AssertFlat(growth, 800);
    }

    private static void AssertFlat(IReadOnlyList<(string Name, double MiB)> growth, double limit)
    {
        // This process, a coordinator, a node and two workers at least.
        Assert.InRange(growth.Count, 5, int.MaxValue);
        Assert.All(growth, process => Assert.True(process.MiB <= limit, $"{process.Name} grew by {process.MiB:F0} MiB."));
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
        var peaks = new Dictionary<int, (string Name, double MiB)>();
        var parents = new Dictionary<int, int>();
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (Read(process.Id) is var (name, parent, peak))
                {
                    peaks[process.Id] = (name, peak);
                    parents[process.Id] = parent;
                }
            }
        }

        return peaks.Where(process => IsOurs(process.Key, parents)).ToDictionary();
    }

    private static bool IsOurs(int pid, Dictionary<int, int> parents)
    {
        for (; pid > 0; pid = parents.GetValueOrDefault(pid))
        {
            if (pid == Environment.ProcessId)
            {
                return true;
            }
        }

        return false;
    }

    private static (string Name, int Parent, double MiB)? Read(int pid)
    {
        try
        {
            var fields = File.ReadLines($"/proc/{pid}/status").Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).ToDictionary(field => field[0], field => field[1]);
            return fields.TryGetValue("VmHWM", out var peak)
                ? (File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ').Trim(), int.Parse(fields["PPid"], CultureInfo.InvariantCulture), double.Parse(peak.Split(' ')[0], CultureInfo.InvariantCulture) / 1024)
                : null;
        }
        catch (IOException)
        {
            // The process ended while it was being read.
            return null;
        }
    }
}
