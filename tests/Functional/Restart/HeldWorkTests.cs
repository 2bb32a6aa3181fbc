using Cluster.Client;
using Cluster.Functional.Faults;
using Cluster.Functional.Jobs;
using Cluster.TestKit;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Restart;

/// <summary>A coordinator that is started again while long items run: they are not run a second time.</summary>
[Collection(nameof(Alone))]
public sealed class HeldWorkTests
{
    /// <summary>Written when an item has come to its end, for item 0; 101 for item 1 …</summary>
    private const int Ended = 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task Items_that_run_go_on_where_they_are(int signal)
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        using var log = new RunLog();
        var slots = Assert.Single(await cluster.Client.NodesAsync(Token)).Slots;
        var job = StartJob(cluster.Client, log, items: 2 * slots);
        await log.WaitForAsync(slots, Token);

        await cluster.StopAsync(signal);
        await cluster.StartAgainAsync();
        await cluster.WaitForNodeAsync(Token);
        log.Release();

        Assert.Equal(Enumerable.Range(0, 2 * slots).Select(x => x * x), await job.Within());
        Assert.Equal(Enumerable.Range(0, 2 * slots), log.Begun.Where(item => item < Ended));
    }

    [Fact]
    public async Task Answers_that_nobody_was_there_to_take_are_delivered()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        using var log = new RunLog();
        var slots = Assert.Single(await cluster.Client.NodesAsync(Token)).Slots;
        var job = StartJob(cluster.Client, log, items: slots);
        await log.WaitForAsync(slots, Token);

        await cluster.StopAsync(Signals.Kill);
        log.Release();
        await log.WaitForAsync(2 * slots, Token);
        await cluster.StartAgainAsync();

        Assert.Equal(Enumerable.Range(0, slots).Select(x => x * x), await job.Within());
        Assert.Equal(Enumerable.Range(0, slots), log.Begun.Where(item => item < Ended));
    }

    [Fact]
    public async Task Work_outlives_the_lease_of_its_session()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token, "--lease", "1", "--heartbeat-period", "0.2");
        using var log = new RunLog();
        var path = log.Path;
        var slots = Assert.Single(await cluster.Client.NodesAsync(Token)).Slots;
        var job = cluster.Client.MapAsync(x => RunFor(path, x, 3000), Enumerable.Range(0, slots), cancellationToken: Token);
        await log.WaitForAsync(slots, Token);

        await cluster.StopAsync(Signals.Kill);
        await log.WaitForAsync(2 * slots, Token);
        await cluster.StartAgainAsync();

        Assert.Equal(Enumerable.Range(0, slots).Select(x => x * x), await job.Within());
        Assert.Equal(Enumerable.Range(0, slots), log.Begun.Where(item => item < Ended));
    }

    [Fact]
    public async Task A_failure_that_nobody_was_there_to_take_is_delivered()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        using var log = new RunLog();
        var path = log.Path;
        var future = cluster.Client.Submit(x => FailWhenReleased(path, x), 7, cancellationToken: Token);
        await log.WaitForAsync(1, Token);

        await cluster.StopAsync(Signals.Kill);
        log.Release();
        await log.WaitForAsync(2, Token);
        await cluster.StartAgainAsync();

        var failure = await Assert.ThrowsAsync<RemoteTaskException>(() => future.Task.Within());
        Assert.Contains("item 7 fails", failure.Message, StringComparison.Ordinal);
        Assert.Equal([7], log.Begun.Where(item => item < Ended));
    }

    [Fact]
    public async Task Items_that_go_on_can_be_cancelled()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        using var log = new RunLog();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var slots = Assert.Single(await cluster.Client.NodesAsync(Token)).Slots;
        var job = StartJob(cluster.Client, log, items: slots, cancelled.Token);
        await log.WaitForAsync(slots, Token);

        await cluster.StopAsync(Signals.Kill);
        await cluster.StartAgainAsync();
        await cluster.WaitForNodeAsync(Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.Within());

        // The slots are free again, although the items never end by themselves.
        Assert.Equal(1, await cluster.Client.Submit(x => x, 1, cancellationToken: Token).Task.Within());
    }

    private static Task<int[]> StartJob(ClusterClient client, RunLog log, int items, CancellationToken? cancellationToken = null)
    {
        var path = log.Path;
        return client.MapAsync(x => RunUntilReleased(path, x), Enumerable.Range(0, items), cancellationToken: cancellationToken ?? Token);
    }

    private static int RunUntilReleased(string path, int item)
    {
        RunLog.WriteAndWait(path, item);
        RunLog.Write(path, Ended + item);
        return item * item;
    }

    private static int RunFor(string path, int item, int milliseconds)
    {
        RunLog.Write(path, item);
        Workload.Sleep(milliseconds);
        RunLog.Write(path, Ended + item);
        return item * item;
    }

    private static int FailWhenReleased(string path, int item)
    {
        RunUntilReleased(path, item);
        throw new InvalidOperationException($"item {item} fails");
    }
}
