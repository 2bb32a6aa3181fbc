using System.Diagnostics;
using Cluster.Functional.Jobs;
using Xunit;

namespace Cluster.Functional.Hosts;

/// <summary>A cluster on several hosts whose network fails: jobs come to their end, with one result for each item. How long things take is reported, and not judged.</summary>
[Collection(nameof(Alone))]
public sealed class HostFaultTests
{
    private const int Items = 200;

    /// <summary>Workers of both nodes.</summary>
    private const int Slots = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cut off")]
    [InlineData("deaf")]
    [InlineData("mute")]
    public async Task The_work_of_a_node_that_cannot_be_talked_to_is_done_elsewhere_and_it_comes_back(string fault)
    {
        await using var cluster = await HostCluster.StartAsync(lease: "2");
        var job = cluster.RunAsync(nameof(HostWork.SquareWhenReleased), 2 * Slots);
        await cluster.Log.WaitForAsync(Slots, Token);
        await (fault switch
        {
            "deaf" => cluster.SecondHost.DeafenAsync(),
            "mute" => cluster.SecondHost.MuteAsync(),
            _ => cluster.SecondHost.CutAsync(),
        });
        var noticed = await cluster.WaitForNodesAsync(nodes => nodes.All(node => node.Name != "second"));
        cluster.Log.Release();
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal(Squares(2 * Slots), await job);
        var ended = Stopwatch.GetElapsedTime(begun);

        // What it ran was begun again, once; it may have begun what waited there too, to no avail.
        Assert.Equal(Enumerable.Range(0, 2 * Slots), cluster.Log.Begun.Distinct());
        Assert.InRange(cluster.Log.Begun.Count, (2 * Slots) + (Slots / 2), 3 * Slots);
        Assert.All(cluster.Log.Begun.CountBy(item => item), item => Assert.InRange(item.Value, 1, 2));

        await cluster.SecondHost.HealAsync();
        var back = await cluster.WaitForNodesAsync(nodes => nodes.Any(node => node is { Name: "second", IsReady: true }));
        Report($"{fault}: noticed after {noticed.TotalSeconds:F1} s with a lease of 2 s, the job's end {ended.TotalSeconds:F1} s after its items', the node back after {back.TotalSeconds:F1} s.");
        Assert.Equal(Squares(Slots), await cluster.RunAsync(nameof(HostWork.Square), Slots));
    }

    [Fact]
    public async Task A_coordinator_that_is_cut_off_for_less_than_the_lease_is_a_pause()
    {
        await using var cluster = await HostCluster.StartAsync(lease: "20");
        var job = cluster.RunAsync(nameof(HostWork.SquareAndNoteTheEnd), Items);
        await cluster.Log.WaitForAsync(Slots, Token);
        await cluster.CoordinatorHost.CutAsync();
        cluster.Log.Release();

        // What the nodes have in hand they bring to its end, and keep the answers.
        await cluster.Log.WaitForAsync(2 * Slots, Token);
        await cluster.CoordinatorHost.HealAsync();
        var healed = Stopwatch.GetTimestamp();
        Assert.Equal(Squares(Items), await job);
        Report($"The job ended {Stopwatch.GetElapsedTime(healed).TotalSeconds:F1} s after the coordinator could be reached again.");
        Assert.Equal(Enumerable.Range(0, Items), cluster.Log.Begun.Where(item => item < HostWork.Ended));
    }

    [Fact]
    public async Task A_client_that_is_cut_off_for_a_while_gets_its_results()
    {
        await using var cluster = await HostCluster.StartAsync(lease: "20");
        var job = cluster.RunAsync(nameof(HostWork.SquareAndNoteTheEnd), Slots);
        await cluster.Log.WaitForAsync(Slots, Token);
        await cluster.ClientHost.CutAsync();
        cluster.Log.Release();
        await cluster.Log.WaitForAsync(2 * Slots, Token);
        await cluster.ClientHost.HealAsync();
        var healed = Stopwatch.GetTimestamp();
        Assert.Equal(Squares(Slots), await job);
        Report($"The client had its results {Stopwatch.GetElapsedTime(healed).TotalSeconds:F1} s after it could reach the coordinator again.");
        Assert.Equal(Enumerable.Range(0, Slots), cluster.Log.Begun.Where(item => item < HostWork.Ended));
    }

    [Fact]
    public async Task Connections_of_a_node_that_are_reset_cost_nothing()
    {
        await using var cluster = await HostCluster.StartAsync(lease: "20");
        var job = cluster.RunAsync(nameof(HostWork.Square), Items);
        for (var reset = 1; reset <= 3; reset++)
        {
            await cluster.Log.WaitForAsync(reset * Items / 5, Token);
            await cluster.SecondHost.ResetAsync(cluster.CoordinatorHost);
        }

        Assert.Equal(Squares(Items), await job);
        Assert.Equal(Enumerable.Range(0, Items), cluster.Log.Begun);
    }

    [Fact]
    public async Task A_client_whose_connections_are_reset_has_what_was_not_answered_done_again()
    {
        await using var cluster = await HostCluster.StartAsync(lease: "20");
        var job = cluster.RunAsync(nameof(HostWork.Square), Items);
        await cluster.Log.WaitForAsync(Items / 3, Token);
        await cluster.ClientHost.ResetAsync(cluster.CoordinatorHost);

        Assert.Equal(Squares(Items), await job);
        Assert.Equal(Enumerable.Range(0, Items), cluster.Log.Begun.Distinct());
        Assert.All(cluster.Log.Begun.CountBy(item => item), item => Assert.InRange(item.Value, 1, 2));
        Report($"{cluster.Log.Begun.Count - Items} of {Items} items were begun again.");
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    public async Task Packets_that_are_lost_cost_time(double share)
    {
        await using var cluster = await HostCluster.StartAsync(lease: "20");
        await cluster.SecondHost.LoseAsync(share);
        await cluster.ClientHost.LoseAsync(share);
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal(Squares(Items), await cluster.RunAsync(nameof(HostWork.Square), Items));
        Report($"{Items} items with {share:P0} of a node's and the client's packets lost took {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s.");
        Assert.Equal(Enumerable.Range(0, Items), cluster.Log.Begun);
    }

    [Fact]
    public async Task A_slow_network_costs_time()
    {
        await using var cluster = await HostCluster.StartAsync(lease: "20");
        var how = await cluster.SecondHost.DelayAsync();
        await cluster.ClientHost.DelayAsync();
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal(Squares(Items), await cluster.RunAsync(nameof(HostWork.Square), Items));
        Report($"{Items} items with a node and the client behind `{how}` took {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s.");
        Assert.Equal(Enumerable.Range(0, Items), cluster.Log.Begun);
    }

    private static IEnumerable<int> Squares(int items) => Enumerable.Range(0, items).Select(x => x * x);

    private static void Report(string text) => TestContext.Current.SendDiagnosticMessage(text);
}
