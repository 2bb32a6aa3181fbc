using System.Diagnostics;
using System.Globalization;
using Cluster.Client;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>Items that take longer than they may, on a cluster of their own: some cost their worker.</summary>
public sealed class TimeoutTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private LocalCluster? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ClusterClient Client => _local!.Client;

    public async ValueTask InitializeAsync() => _local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 });

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task One_straggler_of_a_minute_costs_its_timeout_and_fails_alone()
    {
        var options = new MapOptions { Timeout = TimeSpan.FromSeconds(2), OnError = OnError.Collect };
        await Client.MapAsync(x => x, Enumerable.Range(0, 4), cancellationToken: Token);
        var clock = Stopwatch.StartNew();
        var outcomes = await Client.MapOutcomesAsync(x => x == 7 ? Workload.Sleep(60_000) : x * x, Enumerable.Range(0, 100), options, Token).WaitAsync(Deadline, Token);
        TestContext.Current.TestOutputHelper?.WriteLine($"The job was done after {clock.Elapsed}.");

        var timeout = OnlyTimeout(outcomes, index: 7);
        Assert.Equal(TimeSpan.FromSeconds(2), timeout.Timeout);
        Assert.InRange(timeout.Elapsed, TimeSpan.FromSeconds(2.25), TimeSpan.FromSeconds(10));
        Assert.Contains("did not end when its token was cancelled", timeout.Message, StringComparison.Ordinal);
        Assert.All(outcomes.Where(outcome => outcome.IsSuccess), outcome => Assert.Equal(outcome.Index * outcome.Index, outcome.Value));
    }

    [Theory]
    [InlineData(nameof(Stubborn.Spin))]
    [InlineData(nameof(Stubborn.Sleep))]
    [InlineData(nameof(Stubborn.Stop))]
    [InlineData(nameof(Stubborn.WaitAsync))]
    public async Task An_item_that_never_yields_costs_its_worker_and_no_other_item(string how)
    {
        var options = new MapOptions { Timeout = TimeSpan.FromMilliseconds(500), OnError = OnError.Collect, ChunkSize = 10 };
        var outcomes = await Client.MapOutcomesAsync(x => Stubborn.RunAsync(x == 13 ? how : "", x), Enumerable.Range(0, 30), options, Token).WaitAsync(Deadline, Token);

        var timeout = OnlyTimeout(outcomes, index: 13);
        Assert.NotEqual(0, timeout.WorkerPid);
        Assert.Equal("node-1", timeout.Node);

        // A worker that is stopped with answers in its hands does not say which of its items it was: they run again, one by one.
        Assert.InRange(timeout.Attempt, 1, how == nameof(Stubborn.Stop) ? 2 : 1);
        Assert.True(timeout.IsTransient);
        Assert.False(ProcessTable.IsAlive(timeout.WorkerPid), $"Worker {timeout.WorkerPid} is still there.");
    }

    [Fact]
    public async Task What_runs_in_another_thread_of_the_worker_runs_again_and_pays_nothing()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1, ThreadsPerWorker = 2 }, Token);
        var begun = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var neighbour = local.Client.MapOutcomesAsync(
            x =>
            {
                Console.WriteLine(Environment.ProcessId);
                return (Attempt: TaskContext.Current.Attempt == 1 ? Workload.Hang(1) : TaskContext.Current.Attempt, Environment.ProcessId);
            },
            [0],
            new MapOptions { OnOutput = line => begun.TrySetResult(int.Parse(line.Text, CultureInfo.InvariantCulture)) },
            Token);
        var worker = await begun.Task.WaitAsync(Deadline, Token);
        var stubborn = local.Client.Submit(Workload.Hang, 0, new TaskOptions { Timeout = TimeSpan.FromMilliseconds(300) });

        var timeout = await Assert.ThrowsAsync<TaskTimeoutException>(() => stubborn.Task.WaitAsync(Deadline, Token));
        Assert.Equal((worker, 1), (timeout.WorkerPid, timeout.Attempt));
        var outcome = Assert.Single(await neighbour.WaitAsync(Deadline, Token));
        Assert.Equal(2, outcome.Value.Attempt);
        Assert.NotEqual(worker, outcome.Value.ProcessId);
        Assert.False(ProcessTable.IsAlive(worker), $"Worker {worker} is still there.");
    }

    [Fact]
    public async Task Of_a_job_that_runs_in_several_threads_only_the_item_that_never_yields_fails()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1, ThreadsPerWorker = 2 }, Token);
        var options = new MapOptions { Timeout = TimeSpan.FromMilliseconds(500), OnError = OnError.Collect, ChunkSize = 1 };
        var outcomes = await local.Client.MapOutcomesAsync(x => x == 5 ? Workload.Hang(x) : Workload.Sleep(x), Enumerable.Range(0, 60), options, Token)
            .WaitAsync(Deadline, Token);

        OnlyTimeout(outcomes, index: 5);
        Assert.Equal(Enumerable.Range(0, 60).Where(x => x != 5), outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value));
    }

    [Fact]
    public async Task An_item_that_heeds_its_token_keeps_its_worker()
    {
        var options = new MapOptions { Timeout = TimeSpan.FromMilliseconds(300), OnError = OnError.Collect, ChunkSize = 5 };
        var outcomes = await Client.MapOutcomesAsync(
            async (x, cancellationToken) =>
            {
                await Task.Delay(x == 2 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, TimeProvider.System, cancellationToken);
                return Environment.ProcessId;
            },
            Enumerable.Range(0, 5),
            options,
            Token).WaitAsync(Deadline, Token);

        var timeout = OnlyTimeout(outcomes, index: 2);
        Assert.IsType<TaskCanceledException>(timeout.InnerException, exactMatch: false);
        Assert.Contains(timeout.WorkerPid, outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value));
        Assert.True(ProcessTable.IsAlive(timeout.WorkerPid), $"Worker {timeout.WorkerPid} is gone.");
    }

    [Fact]
    public async Task A_result_that_comes_too_late_is_none()
    {
        var late = Client.Submit(Workload.Sleep, 400, new TaskOptions { Timeout = TimeSpan.FromMilliseconds(200) });
        var timeout = await Assert.ThrowsAsync<TaskTimeoutException>(() => late.Task.WaitAsync(Deadline, Token));
        Assert.Contains("came back with a result too late", timeout.Message, StringComparison.Ordinal);
        Assert.InRange(timeout.Elapsed, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_timeout_stops_a_job_like_any_failure()
    {
        var options = new MapOptions { Timeout = TimeSpan.FromMilliseconds(300) };
        var timeout = await Assert.ThrowsAsync<TaskTimeoutException>(
            () => Client.MapAsync(Workload.Hang, Enumerable.Range(0, 10), options, Token).WaitAsync(Deadline, Token));
        Assert.InRange(timeout.Index, 0, 9);

        // Its slots are free again.
        var next = await Client.MapAsync(x => x + 1, [1, 2], cancellationToken: Token).WaitAsync(Deadline, Token);
        Assert.Equal([2, 3], next);
    }

    [Fact]
    public async Task The_other_verbs_know_timeouts_too()
    {
        var options = new MapOptions { Timeout = TimeSpan.FromMilliseconds(300), OnError = OnError.Collect };
        await Assert.ThrowsAsync<TaskTimeoutException>(
            () => Client.RunOnEachNodeAsync(() => Workload.Hang(0), options, Token).WaitAsync(Deadline, Token));
        var failed = await Assert.ThrowsAsync<MapFailedException>(
            () => Client.StarMapAsync((x, y) => x + y == 3 ? Workload.Hang(x) : x + y, [(0, 1), (1, 2), (2, 2)], options, Token).WaitAsync(Deadline, Token));
        Assert.Equal(1, Assert.IsType<TaskTimeoutException>(Assert.Single(failed.InnerExceptions)).Index);

        var seen = new List<int>();
        await using var lazy = Client.IMapAsync(x => x == 1 ? Workload.Hang(x) : x, Enumerable.Range(0, 4), options, Token).GetAsyncEnumerator(Token);
        Assert.True(await lazy.MoveNextAsync());
        seen.Add(lazy.Current);
        await Assert.ThrowsAsync<TaskTimeoutException>(async () => await lazy.MoveNextAsync());
        while (await lazy.MoveNextAsync())
        {
            seen.Add(lazy.Current);
        }

        Assert.Equal([0, 2, 3], seen);
    }

    [Fact]
    public async Task Tiny_items_with_a_timeout_are_all_answered()
    {
        var options = new MapOptions { Timeout = TimeSpan.FromSeconds(30) };
        var squares = await Client.MapAsync(x => x * 2, Enumerable.Range(0, 50_000), options, Token).WaitAsync(Deadline, Token);
        Assert.Equal(Enumerable.Range(0, 50_000).Select(x => x * 2), squares);
    }

    private static TaskTimeoutException OnlyTimeout<T>(IReadOnlyList<ItemOutcome<T>> outcomes, int index)
    {
        var failed = Assert.Single(outcomes, outcome => !outcome.IsSuccess);
        var timeout = Assert.IsType<TaskTimeoutException>(failed.Exception);
        Assert.Equal(index, failed.Index);
        Assert.Equal(index, timeout.Index);
        return timeout;
    }

    private static class Stubborn
    {
        public static async Task<int> RunAsync(string how, int x)
        {
            switch (how)
            {
                case nameof(Spin):
                    Spin();
                    break;
                case nameof(Sleep):
                    Sleep();
                    break;
                case nameof(Stop):
                    Stop();
                    break;
                case nameof(WaitAsync):
                    await WaitAsync();
                    break;
                default:
                    break;
            }

            return x;
        }

        public static void Spin()
        {
            while (true)
            {
            }
        }

        public static void Sleep() => Workload.Hang(0);

        // Not a thread runs on, in the whole process; this one may, for a moment, before another has taken the signal.
        public static void Stop()
        {
            Signals.Send(Environment.ProcessId, Signals.Stop);
            Workload.Hang(0);
        }

        public static Task WaitAsync() => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously).Task;
    }
}
