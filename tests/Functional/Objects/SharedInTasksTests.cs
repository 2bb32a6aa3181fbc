using System.Diagnostics;
using Cluster.Client;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Functional.Objects;

/// <summary>Shared objects in tasks: as arguments, within them, captured, and by name.</summary>
public sealed class SharedInTasksTests : IAsyncLifetime
{
    private LocalCluster? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ClusterClient Client => _local!.Client;

    public async ValueTask InitializeAsync() => _local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 2, WorkersPerNode = 2 }, Token);

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_captured_dictionary_is_the_callers()
    {
        await using var squares = Client.Dictionary<int, int>();
        await Client.ForEachAsync(async n => await squares.SetAsync(n, n * n), Enumerable.Range(1, 50), cancellationToken: Token).Within();

        Assert.Equal(Enumerable.Range(1, 50).ToDictionary(static n => n, static n => n * n), (await squares.ItemsAsync(Token)).ToDictionary());
    }

    [Fact]
    public async Task An_argument_is_one_too()
    {
        await using var queue = Client.Queue<string>();
        await using var total = Client.Value(0);
        List<ClusterFuture<int>> futures = [.. Enumerable.Range(0, 8).Select(i => Client.Submit(PutAsync, queue, new Work(i, total), cancellationToken: Token))];
        HashSet<string> got = [];
        for (var i = 0; i < 8; i++)
        {
            got.Add(await queue.GetAsync(TimeSpan.FromSeconds(30), Token));
        }

        Assert.Equal(8, got.Count);
        Assert.Equal(Enumerable.Range(0, 8), (await Task.WhenAll(futures.Select(static future => future.Task)).Within()).Order());
        Assert.Equal(28, await total.GetAsync(Token));
    }

    [Fact]
    public async Task A_pipe_has_an_end_here_and_one_in_the_task()
    {
        await using var pipe = Client.Pipe<string>();
        var echo = Client.Submit(EchoAsync, pipe.Right, cancellationToken: Token);
        await pipe.Left.SendAsync("hello", cancellationToken: Token);
        Assert.Equal("HELLO", await pipe.Left.ReceiveAsync(TimeSpan.FromSeconds(30), Token));
        await pipe.Left.CloseAsync(Token);
        Assert.Equal(1, await echo.Task.Within());
    }

    [Fact]
    public async Task A_lock_excludes_the_tasks_of_all_nodes()
    {
        await using var mutex = Client.Lock();
        await using var cells = Client.Array(new long[] { 0, 0 });
        await Client.ForEachAsync(
            async _ =>
            {
                await using var lease = await mutex.AcquireAsync();
                var before = await cells.GetAsync(0);
                await cells.SetAsync(0, before + 1);
                await cells.SetAsync(1, lease.FencingToken);
            },
            Enumerable.Range(0, 60),
            cancellationToken: Token).Within();

        Assert.Equal(60, await cells.GetAsync(0, Token));
        Assert.True(await cells.GetAsync(1, Token) >= 60);
    }

    [Fact]
    public async Task Inside_a_task_the_cluster_is_at_hand()
    {
        await Client.ForEachAsync(
            async n => await TaskContext.Current.Cluster.Dictionary<string, long>("sums").IncrementAsync(n % 2 == 0 ? "even" : "odd", n), Enumerable.Range(1, 10), cancellationToken: Token).Within();

        var sums = Client.Dictionary<string, long>("sums");
        Assert.Equal((30, 25), (await sums.GetAsync("even", Token), await sums.GetAsync("odd", Token)));
    }

    [Fact]
    public async Task Jobs_are_not_started_by_tasks()
    {
        var refused = await Assert.ThrowsAsync<RemoteTaskException>(
            () => Client.MapAsync(async n => (await TaskContext.Current.Cluster.MapAsync(x => x, [n])).Length, [1], cancellationToken: Token).Within());
        Assert.Contains("shared objects and nothing else", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lock_of_a_worker_that_is_killed_is_free_at_once()
    {
        await using var mutex = Client.Lock();
        await using var held = Client.Event();
        var dying = Client.Submit(HoldAsync, mutex, held, cancellationToken: Token);
        await held.WaitAsync(TimeSpan.FromSeconds(30), Token);
        var clock = Stopwatch.StartNew();
        await using var lease = await mutex.AcquireAsync(cancellationToken: Token).Within();

        Assert.True(lease.WasAbandoned);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"It took {clock.Elapsed}.");
        Assert.Equal(2, await dying.Task.Within());
    }

    [Fact]
    public async Task What_nobody_has_any_more_is_gone_and_says_so()
    {
        var queue = Client.Queue<int>();
        await queue.PutAsync(1, cancellationToken: Token);
        var late = Client.Submit(WaitAndGetAsync, queue, cancellationToken: Token);
        await queue.DisposeAsync();
        var gone = await Assert.ThrowsAsync<RemoteTaskException>(() => late.Task.Within());
        Assert.Contains("nobody has it any more", gone.Message, StringComparison.Ordinal);
    }

    private static async Task<int> PutAsync(ClusterQueue<string> queue, Work work)
    {
        await queue.PutAsync($"{work.Number} of {Environment.ProcessId}");
        await work.Total.AddAsync(work.Number);
        return work.Number;
    }

    private static async Task<int> EchoAsync(ClusterPipeEnd<string> end)
    {
        for (var count = 0; ; count++)
        {
            try
            {
                await end.SendAsync((await end.ReceiveAsync()).ToUpperInvariant());
            }
            catch (EndOfStreamException)
            {
                return count;
            }
        }
    }

    private static async Task<int> HoldAsync(ClusterLock mutex, ClusterEvent held)
    {
        if (TaskContext.Current.Attempt == 1)
        {
            await mutex.AcquireAsync();
            await held.SetAsync();
            Process.GetCurrentProcess().Kill();
        }

        return TaskContext.Current.Attempt;
    }

    private static async Task<int> WaitAndGetAsync(ClusterQueue<int> queue) => await queue.GetAsync();

    private sealed record Work(int Number, ClusterValue<int> Total);
}
