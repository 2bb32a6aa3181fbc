using System.Collections.Concurrent;
using Cluster.Coordinator.Dispatch;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Unit.Coordinator.Dispatch;

/// <summary>One at a time, on whoever is there.</summary>
public sealed class SerialExecutorTests
{
    [Fact]
    public void An_idle_executor_runs_on_the_thread_that_brings_the_action()
    {
        var executor = new SerialExecutor(Throw);
        Thread? ran = null;
        executor.Post(() => ran = Thread.CurrentThread);
        Assert.Same(Thread.CurrentThread, ran);
    }

    [Fact]
    public async Task What_an_action_brings_and_its_follow_ups_run_after_it()
    {
        var executor = new SerialExecutor(Throw);
        var order = new ConcurrentQueue<string>();
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Post(() =>
        {
            executor.Defer(new FollowUp(() =>
            {
                order.Enqueue("write");
                written.SetResult();
            }));
            order.Enqueue("first");
            executor.Post(() => order.Enqueue("second"));
            order.Enqueue("still first");
        });

        // With a second action waiting, the follow-up runs beside it, on the pool.
        await written.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(["first", "still first"], order.Take(2));
        Assert.Equal(["second", "write"], order.Skip(2).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_thread_that_brings_an_action_is_not_kept_while_others_bring_more()
    {
        // More would be for ever.
        const int Many = 100_000;
        var executor = new SerialExecutor(Throw);
        Thread? first = null;
        var ran = 0;
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Something always waits, until another thread runs it.
        void Act()
        {
            if (++ran == Many || Thread.CurrentThread != first)
            {
                over.SetResult();
            }
            else
            {
                executor.Post(Act);
            }
        }

        await Task.Factory.StartNew(
            () =>
            {
                first = Thread.CurrentThread;
                executor.Post(Act);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Within();
        await over.Task.Within();
        Assert.InRange(ran, 2, Many - 1);
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Post(next.SetResult);
        await next.Task.Within();
    }

    [Theory]
    [InlineData(8, 20_000)]
    [InlineData(64, 2_500)]
    public async Task Actions_of_many_threads_never_overlap_and_none_is_lost(int threads, int each)
    {
        var executor = new SerialExecutor(Throw);
        var inside = 0;
        var overlaps = 0;
        var ran = 0;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
            {
                executor.Post(() =>
                {
                    overlaps += Interlocked.Increment(ref inside) == 1 ? 0 : 1;
                    ran++;
                    Interlocked.Decrement(ref inside);
                });
            }
        }, TestContext.Current.CancellationToken)));
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Post(last.SetResult);
        await last.Task;
        Assert.Equal((0, threads * each), (overlaps, ran));
    }

    [Fact]
    public void A_fault_is_told_and_the_next_action_runs()
    {
        var faults = new List<Exception>();
        var executor = new SerialExecutor(faults.Add);
        var ran = false;
        executor.Post(() => throw new InvalidOperationException("broken"));
        executor.Post(() => ran = true);
        Assert.Equal("broken", Assert.Single(faults).Message);
        Assert.True(ran);
    }

    private static void Throw(Exception exception) => throw new InvalidOperationException("An action failed.", exception);

    private sealed class FollowUp(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}
