using System.Diagnostics;
using Cluster.Client;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Cluster.TestKit.Time;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Client.Resume;

/// <summary>While there is no coordinator: what waits for it, what does not, and for how long.</summary>
public sealed class PauseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_coordinator_that_is_started_again_goes_on_with_old_jobs_and_takes_new_ones_of_the_pause()
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await job.ReadInputsAsync();
            received.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, job.CallCancelled);
        });
        var port = new Uri(first.Address).Port;
        await using var cluster = await ClusterClient.ConnectAsync(first.Address, cancellationToken: Token);
        var map = cluster.MapAsync(Sample.Square, Enumerable.Range(0, 100), cancellationToken: Token);
        var submitted = cluster.Submit(Sample.Square, 1, cancellationToken: Token);
        await received.Task.Within();
        await first.DisposeAsync();

        var newMap = cluster.MapAsync(Sample.Square, Enumerable.Range(0, 50), cancellationToken: Token);
        var submittedLater = cluster.Submit(Sample.Square, 2, cancellationToken: Token);
        var alone = cluster.Submit(Sample.Multiply, 3, 4, cancellationToken: Token);
        var onEach = cluster.RunOnEachNodeAsync(Sample.Seven, cancellationToken: Token);
        await using var second = await FakeCoordinator.StartAsync(
            job => job.Spec.Function.Method switch
            {
                nameof(Sample.Multiply) => FakeScripts.Json("12")(job),
                nameof(Sample.Seven) => FakeScripts.Json("7")(job),
                _ => FakeScripts.EchoAsync(job),
            },
            port: port,
            nodes: [new NodeInfo { Name = "a", Slots = 1, State = NodeState.Ready }]);

        Assert.Equal(Enumerable.Range(0, 100), await map.Within());
        Assert.Equal(Enumerable.Range(0, 50), await newMap.Within());
        Assert.Equal((1, 2, 12), (await submitted.Task.Within(), await submittedLater.Task.Within(), await alone.Task.Within()));
        Assert.Equal(7, (await onEach.Within())["a"]);
    }

    [Fact]
    public async Task Submitted_tasks_go_on_and_those_that_were_cancelled_are_cancelled_again()
    {
        var cancels = new List<CancelItems>();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = new Runs(
            async (runs, job) =>
            {
                await job.AcceptAsync();
                var inputs = 0UL;
                while (inputs < 3)
                {
                    inputs += (await job.ReadInputsAsync()).Count;
                }

                await job.SendAsync(new RunReply { Started = new Started { Count = 3, Node = "a" } });
                asked.SetResult();
                await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelItems);
                throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
            },
            async (runs, job) =>
            {
                await job.AcceptAsync();
                while (await job.ReadAsync() is { } request && request.EndInputs is null)
                {
                    if (request.Inputs is { } batch)
                    {
                        foreach (var index in Enumerable.Range((int)batch.First, (int)batch.Count).Where(index => index != 1))
                        {
                            await job.AnswerAsync(new BatchSlicer(batch).Slice((ulong)index, 1));
                        }
                    }
                    else if (request.CancelItems is { } cancel)
                    {
                        cancels.Add(cancel);
                        await job.FailAsync(cancel.First, new ErrorInfo { Kind = ErrorKind.Cancelled });
                    }
                }

                await job.EndAsync();
            });
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var futures = Enumerable.Range(0, 3).Select(i => cluster.Submit(Sample.Square, i, cancellationToken: Token)).ToArray();
        await asked.Task.Within();
        while (futures[1].Status == ClusterFutureStatus.Pending)
        {
            await Task.Yield();
        }

        Assert.False(futures[1].Cancel());
        Assert.Equal(0, await futures[0].Task.Within());
        Assert.Equal(2, await futures[2].Task.Within());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => futures[1].Task.Within());
        Assert.Equal([new CancelItems { First = 1, Count = 1 }], cancels);
    }

    [Fact]
    public async Task A_stream_without_tasks_does_not_wait_and_the_next_task_has_one_of_its_own()
    {
        var runs = new Runs(async (runs, job) =>
        {
            await job.AcceptAsync();
            await job.AnswerAsync(await job.ReadInputsAsync());
            await job.ReadAsync();
        });
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        Assert.Equal(5, await cluster.Submit(Sample.Square, 5, cancellationToken: Token).Task.Within());
        var port = new Uri(coordinator.Address).Port;
        await coordinator.DisposeAsync();
        var later = new Runs();
        await using var second = await FakeCoordinator.StartAsync(later.RunAsync, port: port);

        // One that comes before the client has seen the break goes on with the stream that there is.
        await SeeTheEndAsync(cluster).Within();
        Assert.Equal(6, await cluster.Submit(Sample.Square, 6, cancellationToken: Token).Task.Within());
        Assert.Equal((1, 1), (runs.Opened, later.Opened));
        Assert.Empty(later.Skipped);
    }

    private static async Task SeeTheEndAsync(ClusterClient cluster)
    {
        while (cluster.Connection.RunningJobs > 0)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task The_callers_token_ends_the_pause_at_once()
    {
        using var mine = new CancellationTokenSource();

        // No time passes: nothing that takes any is waited for.
        var (cluster, coordinator, map) = await PausedAsync(new ClusterClientOptions { TimeProvider = new ManualTime() }, mine.Token);
        await using var disposal = cluster;

        await mine.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => map.Within());

        Assert.Equal(mine.Token, cancelled.CancellationToken);
        Assert.NotEmpty(coordinator.Address);
    }

    [Fact]
    public async Task The_end_of_the_client_ends_the_pause_at_once()
    {
        var (cluster, _, map) = await PausedAsync(new ClusterClientOptions(), Token);
        var future = cluster.Submit(Sample.Square, 1, cancellationToken: Token);
        var since = Stopwatch.GetTimestamp();

        await cluster.DisposeAsync().AsTask().Within();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => map.Within());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => future.Task.Within());
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_pause_that_lasts_too_long_says_how_long_and_why()
    {
        var (cluster, coordinator, map) = await PausedAsync(new ClusterClientOptions { ReconnectTimeout = TimeSpan.FromMilliseconds(300) }, Token);
        await using var disposal = cluster;

        var failure = await Assert.ThrowsAsync<ClusterUnavailableException>(() => map.Within());

        Assert.True(failure.IsTransient);
        Assert.Matches(@"did not come back for \d+(\.\d)? s, in \d+ attempts \(ClusterClientOptions\.ReconnectTimeout\)", failure.Message);
        Assert.Contains("Connection refused", failure.Message, StringComparison.Ordinal);
        Assert.Contains(coordinator.Address, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_patience_the_first_break_ends_the_job()
    {
        var runs = new Runs(Runs.BreakAfter(5));
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { ReconnectTimeout = TimeSpan.Zero }, Token);

        await Assert.ThrowsAsync<ClusterUnavailableException>(() => cluster.MapAsync(Sample.Square, Enumerable.Range(0, 10), cancellationToken: Token).Within());

        Assert.Equal(1, runs.Opened);
    }

    [Fact]
    public async Task A_job_that_is_accepted_again_and_again_and_gets_nowhere_comes_to_an_end()
    {
        var opened = 0;
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            opened++;
            await job.AcceptAsync();
            job.Break();
        });
        await using var cluster = await ClusterClient.ConnectAsync(
            coordinator.Address, new ClusterClientOptions { ReconnectTimeout = TimeSpan.FromMilliseconds(500) }, Token);

        await Assert.ThrowsAsync<ClusterUnavailableException>(() => cluster.MapAsync(Sample.Square, Enumerable.Range(0, 10), cancellationToken: Token).Within());

        // Ever more slowly.
        Assert.InRange(opened, 2, 40);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.Unknown)]
    public async Task A_coordinator_that_refuses_the_job_afterwards_is_not_asked_again(StatusCode refusal)
    {
        var runs = new Runs(Runs.BreakAfter(5), (_, _) => throw new RpcException(new Status(refusal, "not any more")));
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var failure = await Assert.ThrowsAnyAsync<ClusterException>(
            () => cluster.MapAsync(Sample.Square, Enumerable.Range(0, 10), cancellationToken: Token).Within());

        Assert.Contains("not any more", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<(ClusterClient Cluster, FakeCoordinator Coordinator, Task Map)> PausedAsync(ClusterClientOptions options, CancellationToken cancellationToken)
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await job.ReadInputsAsync();
            received.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, job.CallCancelled);
        });
        var cluster = await ClusterClient.ConnectAsync(coordinator.Address, options, Token);
        var map = cluster.MapAsync(
            Sample.Square,
            Enumerable.Range(0, 100),
            new MapOptions { Progress = new PauseWatch(paused) },
            cancellationToken);
        await received.Task.Within();
        await coordinator.DisposeAsync();
        await paused.Task.Within();
        return (cluster, coordinator, map);
    }

    private sealed class PauseWatch(TaskCompletionSource paused) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            if (value.WaitingFor is not null)
            {
                paused.TrySetResult();
            }
        }
    }
}
