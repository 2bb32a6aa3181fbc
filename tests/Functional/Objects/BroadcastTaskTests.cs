using Cluster.Client;
using Cluster.Functional.Restart;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Functional.Objects;

/// <summary>Broadcasts in tasks.</summary>
public sealed class BroadcastTaskTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tasks_of_all_nodes_have_the_value()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 2, WorkersPerNode = 2 }, Token);
        await using var words = await local.Client.BroadcastAsync(new Dictionary<string, int> { ["one"] = 1, ["two"] = 2 }, Token);
        await using var weights = await local.Client.BroadcastAsync<ReadOnlyMemory<double>>(Enumerable.Range(0, 1_000_000).Select(static i => (double)i).ToArray(), Token);

        // Captured, as an argument, within one, and in a list.
        Assert.Equal((int[])[1, 2, 1], await local.Client.MapAsync(word => words.Value[word], ["one", "two", "one"], cancellationToken: Token).Within());
        Assert.Equal(999_999.0, await local.Client.Submit(Last, weights, cancellationToken: Token).Task.Within());
        Assert.Equal((int[])[3, 4], await local.Client.MapAsync(Sum, [new Work(words, 0), new Work(words, 1)], cancellationToken: Token).Within());
        Assert.Equal(6, await local.Client.Submit(static (List<Broadcast<Dictionary<string, int>>> both) => both.Sum(static one => one.Value.Values.Sum()), [words, words], cancellationToken: Token).Task.Within());
        var exit = await local.Client.StartProcessAsync(static weights => Environment.ExitCode = (int)weights.Value.Span[7], weights, cancellationToken: Token);
        await exit.JoinAsync(cancellationToken: Token).Within();
        Assert.Equal(0, exit.ExitCode);
    }

    [Fact]
    public async Task The_workers_of_a_node_map_one_file_to_read()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 2 }, Token);
        await using var weights = await local.Client.BroadcastAsync<ReadOnlyMemory<long>>(new long[500_000], Token);
        var places = await local.Client.MapAsync(_ => Map(weights), Enumerable.Range(0, 100), new MapOptions { ChunkSize = 1 }, Token).Within();
        Assert.True(places.Select(static place => place.Pid).Distinct().Count() > 1, "One worker ran everything.");
        var file = Assert.Single(places.Select(static place => place.File).Distinct());
        Assert.Contains(" r--s ", file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_disposed_is_missed_and_says_so()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 1 }, Token);
        await using var text = await local.Client.BroadcastAsync("text", Token);
        Assert.Equal(4, await local.Client.Submit(static text => text.Value.Length, text, cancellationToken: Token).Task.Within());
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => local.Client.Submit(static text => text, text, cancellationToken: Token).Task.Within());
        Assert.Contains("cannot come back as its result", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coordinator_that_was_killed_gets_it_again()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        await using var text = await cluster.Client.BroadcastAsync("text", Token);
        await cluster.StopAsync(9);
        await cluster.StartAgainAsync();
        Assert.Equal(4, await cluster.Client.Submit(static text => text.Value.Length, text, cancellationToken: Token).Task.Within());
    }

    private static double Last(Broadcast<ReadOnlyMemory<double>> weights) => weights.Value.Span[^1];

    private static int Sum(Work work) => work.Words.Value.Values.Sum() + work.Plus;

    private static unsafe Place Map(Broadcast<ReadOnlyMemory<long>> weights)
    {
        using var pinned = weights.Value.Pin();
        var address = (long)pinned.Pointer;
        var line = File.ReadLines("/proc/self/maps").Single(line =>
        {
            var range = line.Split(' ')[0].Split('-');
            return Convert.ToInt64(range[0], 16) <= address && address < Convert.ToInt64(range[1], 16);
        });
        return new Place(Environment.ProcessId, line[line.IndexOf(' ', StringComparison.Ordinal)..]);
    }

    private sealed record Work(Broadcast<Dictionary<string, int>> Words, int Plus);

    private sealed record Place(int Pid, string File);
}
