using Cluster.Client;
using Cluster.TestKit;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class FutureTests
{
    private readonly StubOwner _owner = new();

    [Fact]
    public async Task A_result_reaches_those_who_waited_and_those_who_come_later()
    {
        var future = new ClusterFuture<int>(_owner);
        var early = future.Task;
        Assert.Equal(ClusterFutureStatus.Pending, future.Status);
        future.MarkRunning("a");
        Assert.Equal((ClusterFutureStatus.Running, "a"), (future.Status, future.Node));

        future.Ran("b", TimeSpan.FromSeconds(2));
        future.Succeed(7);
        future.Fail(new InvalidOperationException("too late"));

        Assert.Equal(7, await early.Within());
        Assert.Equal(7, await future);
        await ((ClusterFuture)future);
        Assert.Equal((ClusterFutureStatus.Succeeded, "b", TimeSpan.FromSeconds(2)), (future.Status, future.Node, future.Duration));
    }

    [Fact]
    public async Task A_failure_is_thrown_and_one_that_nobody_looks_at_is_not_reported_as_unobserved()
    {
        const string Mine = "nobody looks at me";
        var reported = 0;

        // Other tests run at the same time, in the same process.
        void Count(object? sender, UnobservedTaskExceptionEventArgs args) =>
            Interlocked.Add(ref reported, args.Exception.InnerExceptions.Count(inner => inner.Message == Mine));
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            Abandon();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(0, reported);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }

        var future = new ClusterFuture<int>(_owner);
        future.Fail(new InvalidDataException("bad"));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await future);
        Assert.Equal(ClusterFutureStatus.Failed, future.Status);

        void Abandon()
        {
            var awaited = new ClusterFuture<int>(_owner);
            _ = awaited.Task;
            awaited.Fail(new InvalidDataException(Mine));
            var looked = new ClusterFuture<int>(_owner);
            looked.Fail(new InvalidDataException(Mine));
            Assert.True(looked.Task.IsFaulted);
        }
    }

    [Fact]
    public async Task Waiting_for_a_limited_time_leaves_the_task_alone()
    {
        var time = new ManualTime();
        var future = new ClusterFuture<int>(new StubOwner(time));
        var waiting = future.GetAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(2));
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => waiting.Within());
        future.Succeed(7);

        Assert.Contains("2 s", timeout.Message, StringComparison.Ordinal);
        Assert.Equal(7, await future.GetAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cancelling_a_pending_task_is_final()
    {
        var future = new ClusterFuture<int>(_owner) { Index = 5 };

        Assert.True(future.Cancel());
        Assert.True(future.Cancel());
        future.Succeed(7);

        Assert.Equal(ClusterFutureStatus.Cancelled, future.Status);
        Assert.Equal([(5L, false)], _owner.Cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await future);
    }

    [Fact]
    public async Task Cancelling_a_running_task_only_asks_unless_forced()
    {
        var future = new ClusterFuture<int>(_owner);
        future.MarkRunning("a");

        Assert.False(future.Cancel());
        Assert.Equal(ClusterFutureStatus.Running, future.Status);
        Assert.True(future.Cancel(force: true));

        Assert.Equal([(0L, false), (0L, true)], _owner.Cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await future);
        var done = new ClusterFuture<int>(_owner);
        done.Succeed(1);
        Assert.False(done.Cancel(force: true));
    }

    [Fact]
    public async Task A_token_cancels_with_itself()
    {
        using var mine = new CancellationTokenSource();
        var future = new ClusterFuture<int>(_owner);
        future.CancelWith(mine.Token);
        var waiting = future.Task;

        await mine.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within());
        Assert.Equal(mine.Token, cancelled.CancellationToken);
    }

    [Fact]
    public async Task Callbacks_run_once_in_order_before_awaiting_code_and_may_throw()
    {
        var seen = new List<string>();
        var future = new ClusterFuture<int>(_owner);
        future.AddDoneCallback(done => seen.Add($"first {done.Task.IsCompletedSuccessfully}"));
        future.AddDoneCallback(_ => throw new InvalidOperationException("a callback that throws"));
        ((ClusterFuture)future).AddDoneCallback(done => seen.Add($"second {done.Status}"));
        var awaiting = future.Task;

        future.Succeed(7);
        await awaiting.Within();

        Assert.Equal(["first True", "second Succeeded"], seen);
        future.AddDoneCallback(_ => seen.Add("at once"));
        Assert.Equal("at once", seen[^1]);
    }

    [Fact]
    public async Task Every_future_ends_exactly_once_whatever_races()
    {
        for (var round = 0; round < 500; round++)
        {
            var future = new ClusterFuture<int>(_owner);
            var calls = 0;
            var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            future.AddDoneCallback(_ =>
            {
                Interlocked.Increment(ref calls);
                called.TrySetResult();
            });
            await Task.WhenAll(
                Task.Run(() => future.Succeed(1), TestContext.Current.CancellationToken),
                Task.Run(() => future.MarkRunning("a"), TestContext.Current.CancellationToken),
                Task.Run(() => future.Fail(new InvalidDataException()), TestContext.Current.CancellationToken),
                Task.Run(() => { _ = future.Task; }, TestContext.Current.CancellationToken)).Within();
            await called.Task.Within();

            Assert.Equal(1, calls);
            Assert.True(future.Task.IsCompleted);
            Assert.Equal(future.Status == ClusterFutureStatus.Succeeded, future.Task.IsCompletedSuccessfully);
        }
    }
}
