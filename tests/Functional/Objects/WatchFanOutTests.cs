using System.Diagnostics;
using System.Globalization;
using Cluster.Client;
using Cluster.Functional.Node;
using Cluster.Functional.Tls;
using Cluster.TestKit;
using Cluster.TestKit.Network;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Objects;

/// <summary>The workers of a node watch what they like, and the coordinator has one watch for all of them.</summary>
public sealed class WatchFanOutTests
{
    private const int Changes = 300;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_workers_of_a_node_share_one_watch_and_each_sees_every_change_in_order()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 4 }, Token);
        var watching = Watching(local.Client, 4, killed: -1);
        var feed = local.Client.Dictionary<string, int>("feed");
        await ReadyAsync(local.Client, 4);
        Assert.Equal(1, (await local.Client.ListObjectsAsync("feed", cancellationToken: Token)).Single().Watches);

        await WriteAsync(feed, 1, Changes);
        await feed.SetAsync("end", 0, cancellationToken: Token);
        Assert.All(await Task.WhenAll(watching.Select(static each => each.Task)).Within(), static seen => Assert.Equal(Enumerable.Range(1, Changes), seen));
        await UnwatchedAsync(local.Client);
    }

    [Fact]
    public async Task A_worker_that_is_killed_takes_nobody_along()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 4 }, Token);
        var watching = Watching(local.Client, 4, killed: 100);
        var feed = local.Client.Dictionary<string, int>("feed");
        await ReadyAsync(local.Client, 4);
        await WriteAsync(feed, 1, Changes);
        await ReadyAsync(local.Client, 5);
        await feed.SetAsync("end", 0, cancellationToken: Token);

        Assert.All(await Task.WhenAll(watching[1..].Select(static each => each.Task)).Within(), static seen => Assert.Equal(Enumerable.Range(1, Changes), seen));
        Assert.Empty(await watching[0].Task.Within());
    }

    [Fact]
    public async Task Connections_that_are_reset_lose_and_repeat_nothing()
    {
        await using var coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0");
        await using var proxy = new TcpFaultProxy(coordinator.Address);
        await using var node = new NodeProcess(proxy.Address, "--name", "a", "--workers", "4");
        await node.ReadLineAsync(Token);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var watching = Watching(cluster, 4, killed: -1);
        var feed = cluster.Dictionary<string, int>("feed");
        await ReadyAsync(cluster, 4);
        for (var part = 0; part < 3; part++)
        {
            await WriteAsync(feed, (part * 100) + 1, 50);
            proxy.Reset();
            await WriteAsync(feed, (part * 100) + 51, 50);
        }

        await feed.SetAsync("end", 0, cancellationToken: Token);
        Assert.All(await Task.WhenAll(watching.Select(static each => each.Task)).Within(), static seen => Assert.Equal(Enumerable.Range(1, Changes), seen));
    }

    [Fact]
    public async Task A_worker_that_stands_still_holds_up_nobody_and_catches_up_afterwards()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 4 }, Token);
        var watching = Enumerable.Range(0, 4).Select(i => local.Client.Submit(CountAsync, i, cancellationToken: Token)).ToArray();
        await ReadyAsync(local.Client, 4);
        var slow = await local.Client.Dictionary<int, int>("pids").GetAsync(0, Token);
        Signals.Send(slow, Signals.Stop);
        try
        {
            var blobs = local.Client.Dictionary<string, string>("blobs");
            var blob = new string('x', 512 << 10);
            for (var i = 1; i <= 80; i++)
            {
                await blobs.SetAsync(i.ToString(CultureInfo.InvariantCulture), blob, cancellationToken: Token);
            }

            await blobs.SetAsync("end", "", cancellationToken: Token);
            Assert.All(await Task.WhenAll(watching[1..].Select(static each => each.Task)).Within(), static seen => Assert.Equal(80, seen));
            Assert.False(watching[0].Task.IsCompleted);
        }
        finally
        {
            Signals.Send(slow, Signals.Continue);
        }

        Assert.Equal(80, await watching[0].Task.Within());
    }

    [Fact]
    public async Task A_task_sees_in_its_replica_what_it_has_written_and_what_others_had()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 4 }, Token);
        var wrong = await local.Client.MapAsync(WriteAndReadAsync, Enumerable.Range(0, 8), cancellationToken: Token).Within();

        Assert.Equal(0, wrong.Sum());
        Assert.Equal(8 * 50, await local.Client.Dictionary<string, int>("mine").CountAsync(Token));
    }

    private static ClusterFuture<int[]>[] Watching(ClusterClient client, int count, int killed) =>
        [.. Enumerable.Range(0, count).Select(i => client.Submit(WatchAsync, i, i == 0 ? killed : -1, cancellationToken: Token))];

    private static async Task ReadyAsync(ClusterClient client, int count)
    {
        await using var replica = await client.Dictionary<string, int>("ready").OpenReplicaAsync(Token);
        await foreach (var change in client.Dictionary<string, int>("ready").WatchAsync(snapshot: true, cancellationToken: Token))
        {
            await replica.WaitForAsync(change.Revision, Token);
            if (replica.Count >= count)
            {
                return;
            }
        }
    }

    private static async Task UnwatchedAsync(ClusterClient client)
    {
        // The tasks have ended; what they called off is on its way.
        for (var watches = 1L; watches > 0;)
        {
            watches = (await client.ListObjectsAsync("feed", cancellationToken: Token)).Single().Watches;
            Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task WriteAsync(ClusterDictionary<string, int> feed, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            await feed.SetAsync("n", i, cancellationToken: Token);
        }
    }

    // Half of them see the content first.
    private static async Task<int[]> WatchAsync(int index, int killedAt)
    {
        var cluster = TaskContext.Current.Cluster;
        if (TaskContext.Current.Attempt > 1 && killedAt > 0)
        {
            await cluster.Dictionary<string, int>("ready").SetAsync("again", 0);
            return [];
        }

        List<int> seen = [];
        var watch = cluster.Dictionary<string, int>("feed").WatchAsync(snapshot: index % 2 == 0).GetAsyncEnumerator();
        await using (watch)
        {
            for (var next = watch.MoveNextAsync(); ; next = watch.MoveNextAsync())
            {
                if (seen.Count == 0)
                {
                    await cluster.Dictionary<string, int>("ready").SetAsync($"{index}", 0);
                }

                await next;
                switch (watch.Current)
                {
                    case { Kind: DictionaryChangeKind.Snapshot }:
                        continue;
                    case { Key: "end" }:
                        return [.. seen];
                    case { Value: var value } when value == killedAt:
                        Process.GetCurrentProcess().Kill();
                        break;
                    case { Value: var value }:
                        seen.Add(value);
                        break;
                }
            }
        }
    }

    private static async Task<int> CountAsync(int index)
    {
        var cluster = TaskContext.Current.Cluster;
        HashSet<string> seen = [];
        var watch = cluster.Dictionary<string, string>("blobs").WatchAsync().GetAsyncEnumerator();
        await using (watch)
        {
            var next = watch.MoveNextAsync();
            await cluster.Dictionary<int, int>("pids").SetAsync(index, Environment.ProcessId);
            await cluster.Dictionary<string, int>("ready").SetAsync($"{index}", 0);
            for (; ; next = watch.MoveNextAsync())
            {
                await next;
                seen.UnionWith(watch.Current.Kind == DictionaryChangeKind.Snapshot ? watch.Current.Content.Select(static entry => entry.Key) : [watch.Current.Key]);
                if (seen.Remove("end"))
                {
                    return seen.Count;
                }
            }
        }
    }

    private static async Task<int> WriteAndReadAsync(int index)
    {
        var mine = TaskContext.Current.Cluster.Dictionary<string, int>("mine");
        var other = TaskContext.Current.Cluster.Dictionary<string, int>("other");
        await using var replica = await mine.OpenReplicaAsync();
        var wrong = 0;
        for (var i = 0; i < 50; i++)
        {
            await mine.SetAsync($"{index}/{i}", i);
            wrong += replica.TryGetValue($"{index}/{i}", out var value) && value == i ? 0 : 1;
            await other.SetAsync($"{index}", i);
            if (i % 10 == 9)
            {
                var count = await mine.CountAsync();
                await replica.SyncAsync();
                wrong += replica.Count >= count ? 0 : 1;
            }
        }

        return wrong;
    }
}
