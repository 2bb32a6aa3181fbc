using System.Diagnostics;
using Cluster.Client;
using Cluster.Containers.Engine;
using Cluster.Containers.Running;
using Xunit;

namespace Cluster.Containers;

/// <summary>A cluster in containers: it works, and costs no job when parts of it go.</summary>
public sealed class ClusterTests(Ground ground)
{
    private const int Items = 30;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_manifests_example_job_runs()
    {
        ground.Require();
        await using var cluster = await StartAsync();
        Assert.Equal(
            ["1", "4", "9"],
            await cluster.RunCommandAsync("map", ["--code=/samples/samples.dll", "--function=Cluster.Samples.Functions.Numbers.Square", "--quiet", "1", "2", "3"], Token));
    }

    [Fact]
    public async Task A_node_that_is_told_to_end_drains_and_no_item_is_lost_or_run_twice()
    {
        ground.Require();
        await using var cluster = await StartAsync();
        var job = RunJob(cluster);
        await cluster.Runs.WaitAsync(runs => runs.BegunOn("node-a") > 0 && runs.BegunOn("node-b") > 0, Token);

        await cluster.Node("node-a").SignalAsync("TERM", Token);
        await cluster.WaitForNodesAsync(nodes => nodes.Any(node => node is { Name: "node-a", IsDraining: true }), Token);
        var told = Stopwatch.GetTimestamp();
        cluster.Runs.Release();
        Assert.Equal(0, await cluster.Node("node-a").WaitForEndAsync(Token));
        Report($"The node drained within {Stopwatch.GetElapsedTime(told).TotalSeconds:F1} s of its last item's being let go, of 30 s.");

        Assert.Equal(Enumerable.Range(0, Items).Select(x => x * x), await job);
        Assert.Equal(Enumerable.Range(0, Items), cluster.Runs.Begun);
        Assert.Equal(1, cluster.Runs.BegunOn("node-a"));
    }

    [Fact]
    public async Task A_node_that_is_killed_costs_time_and_comes_back_under_its_name()
    {
        ground.Require();
        await using var cluster = await StartAsync();
        var job = RunJob(cluster);
        await cluster.Runs.WaitAsync(runs => runs.BegunOn("node-a") > 0 && runs.BegunOn("node-b") > 0, Token);

        await cluster.Node("node-a").SignalAsync("KILL", Token);
        Assert.Equal(137, await cluster.Node("node-a").WaitForEndAsync(Token));
        await cluster.WaitForNodesAsync(nodes => nodes is [{ Name: "node-b" }], Token);
        cluster.Runs.Release();
        Assert.Equal(Enumerable.Range(0, Items).Select(x => x * x), await job);

        // What it was at was begun again, and nothing else.
        Assert.Equal(Items + 1, cluster.Runs.Begun.Count);
        Assert.Equal(Enumerable.Range(0, Items), cluster.Runs.Begun.Distinct());

        await cluster.Node("node-a").StartAgainAsync(Token);
        await cluster.WaitForNodesAsync(nodes => nodes.Count(node => node is { Name: "node-a", IsReady: true }) == 1 && nodes.Count == 2, Token);
    }

    [Theory]
    [InlineData("TERM", 0)]
    [InlineData("KILL", 137)]
    public async Task A_coordinator_that_is_replaced_brings_everything_back_from_its_volume(string signal, int exitCode)
    {
        ground.Require();
        await using var cluster = await StartAsync();
        await cluster.RunCommandAsync("dict set", ["limits", "cpu", "4"], Token);
        await cluster.Client.PushAsync(typeof(Functions).Assembly.Location, "containers", Token);
        var arguments = Enumerable.Range(0, Items).Select(x => $"[\"{cluster.Runs.Folder}\",{x}]");
        var id = Assert.Single(await cluster.RunCommandAsync("submit", ["containers/square", "--star", .. arguments], Token));
        await cluster.Runs.WaitAsync(runs => runs.Begun.Count == 2, Token);

        await cluster.Coordinator.SignalAsync(signal, Token);
        Assert.Equal(exitCode, await cluster.Coordinator.WaitForEndAsync(Token));
        var gone = Stopwatch.GetTimestamp();
        await cluster.StartCoordinatorAsync(Token);
        Report($"Another coordinator listened after {Stopwatch.GetElapsedTime(gone).TotalSeconds:F1} s.");
        await cluster.WaitForNodesAsync(nodes => nodes.Count(node => node.IsReady) == 2, Token);
        Report($"Both nodes were back after {Stopwatch.GetElapsedTime(gone).TotalSeconds:F1} s.");
        cluster.Runs.Release();

        Assert.Equal(Enumerable.Range(0, Items).Select(x => $"{x * x}"), await cluster.RunCommandAsync("results", [id], Token));
        Assert.Equal(Enumerable.Range(0, Items), cluster.Runs.Begun);
        Assert.Equal(["4"], await cluster.RunCommandAsync("dict get", ["limits", "cpu"], Token));
    }

    private static void Report(string text) => TestContext.Current.SendDiagnosticMessage(text);

    private static Task<int[]> RunJob(ContainerCluster cluster)
    {
        var runs = cluster.Runs.Folder;
        return cluster.Client.MapAsync(x => Functions.SquareAsync(runs, x), Enumerable.Range(0, Items), cancellationToken: Token);
    }

    private Task<ContainerCluster> StartAsync() => ContainerCluster.StartAsync(ground.Podman, Token, "node-a", "node-b");
}
