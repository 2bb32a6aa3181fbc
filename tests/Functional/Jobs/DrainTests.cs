using Cluster.Client;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>Nodes that are told to leave while they work: real processes, and nothing fails.</summary>
public sealed class DrainTests : IDisposable
{
    private static readonly LocalClusterOptions Two = new() { Nodes = 2, WorkersPerNode = 2 };
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _marks = Directory.CreateTempSubdirectory("cluster-drain-test-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _marks.Delete(recursive: true);

    [Fact]
    public async Task A_map_goes_on_without_a_failure_when_a_node_drains()
    {
        await using var local = await LocalCluster.StartAsync(Two, Token);
        var answered = new Counter(50);
        var mapping = local.Client.MapAsync(
            Twice, Enumerable.Range(0, 400), new MapOptions { OnError = OnError.Collect, Progress = answered }, Token);
        await answered.Reached.WaitAsync(Deadline, Token);
        var ended = await SignalAsync(local, "node-1");

        Assert.Equal(0, await ended.WaitAsync(Deadline, Token));
        Assert.Equal(["node-2"], (await local.Client.NodesAsync(Token)).Select(node => node.Name));
        Assert.Equal(Enumerable.Range(0, 400).Select(x => 2 * x), await mapping.WaitAsync(Deadline, Token));
    }

    [Fact]
    public async Task A_rolling_restart_of_every_node_costs_nothing()
    {
        await using var local = await LocalCluster.StartAsync(Two, Token);
        var mapping = local.Client.MapAsync(Twice, Enumerable.Range(0, 1500), new MapOptions { OnError = OnError.Collect }, Token);
        for (var node = 0; node < 2; node++)
        {
            await local.Client.DrainNodeAsync($"node-{node + 1}", cancellationToken: Token).WaitAsync(Deadline, Token);
            await local.Processes.RestartNodeAsync(node, Token);
        }

        Assert.False(mapping.IsCompleted, "The map should have outlasted the restart.");
        Assert.Equal(Enumerable.Range(0, 1500).Select(x => 2 * x), await mapping.WaitAsync(Deadline, Token));
    }

    [Fact]
    public async Task An_item_that_outlasts_the_grace_runs_elsewhere_uncharged_and_those_behind_it_do_not_wait()
    {
        await using var local = await LocalCluster.StartAsync(Two with { WorkersPerNode = 1 }, Token);
        var directory = _marks.FullName;
        var mapping = local.Client.MapAsync(x => HangOnFirstRun(directory, x), Enumerable.Range(0, 4), new MapOptions { ChunkSize = 4 }, Token);
        var node = await FirstMarkAsync("0");
        await local.Client.DrainNodeAsync(node, TimeSpan.FromMilliseconds(100), Token).WaitAsync(Deadline, Token);

        var results = await mapping.WaitAsync(Deadline, Token);
        Assert.Equal([0, 1, 2, 3], results);
    }

    [Fact]
    public async Task Items_behind_the_running_one_go_elsewhere()
    {
        const int Items = 300;
        await using var local = await LocalCluster.StartAsync(Two with { WorkersPerNode = 1 }, Token);
        var directory = _marks.FullName;
        var mapping = local.Client.MapAsync(x => MarkAndTwice(directory, x), Enumerable.Range(0, Items), new MapOptions { ChunkSize = Items }, Token);
        var node = await FirstMarkAsync("0");
        await local.Client.DrainNodeAsync(node, cancellationToken: Token).WaitAsync(Deadline, Token);

        Assert.Equal(Enumerable.Range(0, Items).Select(x => 2 * x), await mapping.WaitAsync(Deadline, Token));
        Assert.NotEqual(node, await FirstMarkAsync($"{Items - 1}"));
    }

    [Fact]
    public async Task A_draining_node_says_so_and_a_second_signal_ends_it_at_once()
    {
        await using var local = await LocalCluster.StartAsync(Two with { WorkersPerNode = 1 }, Token);
        var directory = _marks.FullName;
        var mapping = local.Client.MapAsync(x => HangOnFirstRun(directory, x), [0], cancellationToken: Token);
        var name = await FirstMarkAsync("0");
        await SignalAsync(local, name);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        while ((await local.Client.NodesAsync(Token)).First(node => node.Name == name) is { IsDraining: false })
        {
            await timer.WaitForNextTickAsync(Token);
        }

        var draining = (await local.Client.NodesAsync(Token)).First(node => node.Name == name);
        Assert.Equal("told to end (SIGTERM)", draining.DrainReason);
        Assert.InRange(draining.DrainLeft!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        // Well within the grace of the first.
        var ended = await SignalAsync(local, name);
        Assert.Equal(0, await ended.WaitAsync(TimeSpan.FromSeconds(15), Token));
        var results = await mapping.WaitAsync(Deadline, Token);
        Assert.Equal([0], results);
    }

    [Fact]
    public async Task An_unknown_node_is_named_with_those_that_there_are()
    {
        await using var local = await LocalCluster.StartAsync(Two with { WorkersPerNode = 1 }, Token);
        var error = await Assert.ThrowsAsync<ClusterException>(() => local.Client.DrainNodeAsync("node-7", cancellationToken: Token));
        Assert.Contains("No node named 'node-7' is attached. There are: node-1, node-2.", error.Message, StringComparison.Ordinal);
    }

#pragma warning disable RS0030 // Work that takes its time, not a test that waits for something.
    private static int Twice(int x)
    {
        Thread.Sleep(5);
        return 2 * x;
    }

    private static int HangOnFirstRun(string directory, int x)
    {
        if (x == 0 && Mark(directory, x))
        {
            Thread.Sleep(Timeout.Infinite);
        }

        return x;
    }

    private static int MarkAndTwice(string directory, int x)
    {
        Mark(directory, x);
        Thread.Sleep(10);
        return 2 * x;
    }
#pragma warning restore RS0030

    /// <summary>Notes that an item has begun, and where.</summary>
    /// <returns>Whether this is its first run.</returns>
    private static bool Mark(string directory, int x)
    {
        var target = Path.Combine(directory, x.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var temporary = Path.Combine(directory, Path.GetRandomFileName());
        File.WriteAllText(temporary, TaskContext.Current!.Node);
        try
        {
            File.Move(temporary, target);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<string> FirstMarkAsync(string item)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        var path = Path.Combine(_marks.FullName, item);
        while (!File.Exists(path))
        {
            await timer.WaitForNextTickAsync(Token);
        }

        return await File.ReadAllTextAsync(path, Token);
    }

    /// <returns>The exit code of the node's process.</returns>
    private static async Task<Task<int>> SignalAsync(LocalCluster local, string name)
    {
        var node = (await local.Client.NodesAsync(Token)).First(node => node.Name == name);
        var process = local.Processes.ExitOfNodeAsync(int.Parse(name[^1..], System.Globalization.CultureInfo.InvariantCulture) - 1);
        Signals.Send(node.Pid, Signals.Terminate);
        return process;
    }

    private sealed class Counter(long target) : IProgress<JobProgress>
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Report(JobProgress value)
        {
            if (value.Completed >= target)
            {
                _reached.TrySetResult();
            }
        }
    }
}
