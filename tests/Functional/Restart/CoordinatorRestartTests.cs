using Cluster.Client;
using Cluster.Functional.Jobs;
using Cluster.TestKit;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Restart;

/// <summary>A coordinator that is killed, or stopped in order, and started again: callers see a pause.</summary>
[Collection(nameof(Alone))]
public sealed class CoordinatorRestartTests(ITestOutputHelper output)
{
    private const int Items = 10_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task An_ordered_map_gives_what_it_gives_here(int signal)
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        var restart = new RestartAt(cluster, Items / 4, signal);

        var map = cluster.Client.MapAsync(SlowSquare, Enumerable.Range(0, Items), new MapOptions { Progress = restart }, Token);

        Assert.Equal(Enumerable.Range(0, Items).Select(SquareHere), await map.Within());
        await restart.Done.Within();
        Report(restart);
    }

    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task A_lazy_map_gives_every_result_in_order(int signal)
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        var restart = new RestartAt(cluster, Items / 4, signal);
        var next = 0;

        await foreach (var result in cluster.Client.IMapAsync(SlowSquare, Enumerable.Range(0, Items).Where(_ => true), cancellationToken: Token))
        {
            Assert.Equal(SquareHere(next), result);
            restart.Saw(++next);
        }

        Assert.Equal(Items, next);
        await restart.Done.Within();
        Report(restart);
    }

    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task Submitted_tasks_complete_once_each(int signal)
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        var restart = new RestartAt(cluster, Items / 4, signal);
        var futures = Enumerable.Range(0, Items).Select(i => cluster.Client.Submit(SlowSquare, i, cancellationToken: Token)).ToArray();

        var seen = 0;
        await foreach (var done in ClusterFuture.AsCompleted(futures, cancellationToken: Token))
        {
            Assert.Equal(ClusterFutureStatus.Succeeded, done.Status);
            restart.Saw(++seen);
        }

        Assert.Equal(Items, seen);
        var results = await Task.WhenAll(futures.Select(future => future.Task)).Within();
        Assert.Equal(Enumerable.Range(0, Items).Select(SquareHere), results);
        await restart.Done.Within();
        Report(restart);
    }

    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task A_broadcast_that_is_under_way_reaches_its_nodes(int signal)
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        var node = Assert.Single(await cluster.Client.NodesAsync(Token)).Name;
        var marks = Directory.CreateTempSubdirectory("cluster-broadcast-test-");
        try
        {
            var (path, release) = (marks.FullName, Path.Combine(marks.FullName, "release"));
            var broadcast = cluster.Client.RunOnEachNodeAsync(() => WaitForFile(path, release), cancellationToken: Token);
            using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System))
            {
                while (marks.GetFiles("begun-*").Length == 0)
                {
                    await timer.WaitForNextTickAsync(Token);
                }
            }

            await cluster.StopAsync(signal);
            await cluster.StartAgainAsync();
            await File.WriteAllTextAsync(release, "", Token);

            Assert.Equal([node], (await broadcast.Within()).Keys);
        }
        finally
        {
            marks.Delete(recursive: true);
        }
    }

    private static int SquareHere(int x) => x * x;

    private static int SlowSquare(int x)
    {
        // Long enough for a coordinator to be killed meanwhile.
        Workload.Sleep(x % 8 == 0 ? 1 : 0);
        return x * x;
    }

    private static int WaitForFile(string directory, string file)
    {
        File.WriteAllText(Path.Combine(directory, $"begun-{Environment.ProcessId}"), "");
        while (!File.Exists(file))
        {
            Workload.Sleep(5);
        }

        return 1;
    }

    private void Report(RestartAt restart) =>
        output.WriteLine($"coordinator listens → first new result: {restart.Recovered.TotalMilliseconds:0} ms");
}
