using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

public sealed class FutureTests(SharedCluster cluster)
{
    private static int Square(int x) => x * x;

    [Fact]
    public async Task Zero_to_four_arguments()
    {
        Assert.Equal(42, await cluster.Client.Submit(() => 42));
        Assert.Equal(49, await cluster.Client.Submit(Square, 7));
        Assert.Equal("ab", await cluster.Client.Submit((string a, string b) => a + b, "a", "b"));
        Assert.Equal(6, await cluster.Client.Submit((int a, int b, int c) => a + b + c, 1, 2, 3));
        Assert.Equal("1 b 3 d", await cluster.Client.Submit((int a, string b, long c, char d) => $"{a} {b} {c} {d}", 1, "b", 3L, 'd'));
    }

    [Fact]
    public async Task Twenty_thousand_futures_all_complete()
    {
        var futures = Enumerable.Range(0, 20_000).Select(i => cluster.Client.Submit(Square, i % 1_000)).ToList();

        long sum = 0;
        await foreach (var done in ClusterFuture.AsCompleted(futures).WithCancellation(TestContext.Current.CancellationToken))
        {
            sum += await done;
        }

        Assert.Equal(Enumerable.Range(0, 20_000).Sum(i => (long)Square(i % 1_000)), sum);
    }

    [Fact]
    public async Task Futures_with_their_own_captures_do_not_mix()
    {
        var futures = Enumerable.Range(0, 200).Select(i => cluster.Client.Submit(() => i * 10)).ToList();

        var results = await Task.WhenAll(futures.Select(future => future.Task));

        Assert.Equal(Enumerable.Range(0, 200).Select(i => i * 10), results);
    }

    [Fact]
    public async Task Twenty_thousand_futures_with_their_own_captures_share_a_job()
    {
        var futures = Enumerable.Range(0, 20_000).Select(i => cluster.Client.Submit(() => (TaskContext.Current.JobId, i * 10))).ToList();

        var results = await Task.WhenAll(futures.Select(future => future.Task));

        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => i * 10), results.Select(result => result.Item2));
        Assert.Single(results.Select(result => result.JobId).Distinct());
    }

    [Fact]
    public async Task Captures_travel_with_arguments_of_every_kind()
    {
        var offset = 10;
        var prefix = "p";
        byte[] bytes = [1, 2, 3];

        Assert.Equal(17, await cluster.Client.Submit(x => x + offset, 7));
        Assert.Equal("pa1", await cluster.Client.Submit((string a, int b) => $"{prefix}{a}{b}", "a", 1));
        Assert.Equal(13, await cluster.Client.Submit(data => data.Length + offset, bytes));
        Assert.Equal("p", await cluster.Client.Submit((string? text) => prefix + text, (string?)null));
        Assert.Equal(17, await cluster.Client.Submit(
            async (x, token) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, token);
                return x + offset;
            },
            7));
    }

    [Fact]
    public async Task A_timeout_on_the_wait_leaves_the_task_running()
    {
        var future = cluster.Client.Submit(Workload.Sleep, 500);

        await Assert.ThrowsAsync<TimeoutException>(() => future.GetAsync(TimeSpan.FromMilliseconds(20)));

        Assert.Equal(500, await future);
        Assert.NotNull(future.Node);
        Assert.True(future.Duration >= TimeSpan.FromMilliseconds(490), $"{future.Duration}");
    }

    [Fact]
    public async Task Futures_complete_one_by_one_and_not_in_lots()
    {
        var slow = cluster.Client.Submit(Workload.Sleep, 3_000);
        var quick = cluster.Client.Submit(Workload.Sleep, 1);

        Assert.Equal(1, await quick);
        Assert.False(slow.Task.IsCompleted);
        slow.Cancel(force: true);
    }

    [Fact]
    public async Task A_failure_is_thrown_by_the_future_that_failed()
    {
        var bad = cluster.Client.Submit(() => int.Parse("x", System.Globalization.CultureInfo.InvariantCulture));
        var good = cluster.Client.Submit(Square, 3);

        var failure = await Assert.ThrowsAsync<RemoteTaskException>(async () => await bad);

        Assert.IsType<FormatException>(failure.InnerException);
        Assert.Equal(ClusterFutureStatus.Failed, bad.Status);
        Assert.Equal(9, await good);
    }
}
