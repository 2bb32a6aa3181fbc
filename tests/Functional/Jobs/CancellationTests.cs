using System.Diagnostics;
using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

public sealed class CancellationTests(SharedCluster cluster)
{
    [Fact]
    public async Task Cancelling_a_job_that_never_yields_frees_its_slots()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var progress = new Watcher(report =>
        {
            if (report.Running > 0)
            {
                running.TrySetResult();
            }
        });
        var hanging = cluster.Client.MapAsync(Workload.Hang, Enumerable.Range(0, 100), new MapOptions { Progress = progress }, cancel.Token);
        await running.Task.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);

        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        await cluster.Client.MapAsync(x => x, Enumerable.Range(0, 10), cancellationToken: cancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"The slots were free, and had done another job, after {clock.Elapsed}.");
    }

    [Fact]
    public async Task The_token_of_a_running_item_is_cancelled_with_its_job()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var marker = Path.Combine(Path.GetTempPath(), $"cluster-cancelled-{Guid.NewGuid():N}");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = cluster.Client.MapAsync(
            async (path, token) =>
            {
                Console.WriteLine("started");
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                }
                finally
                {
                    await File.WriteAllTextAsync(path, "cancelled", CancellationToken.None);
                }

                return 0;
            },
            [marker],
            new MapOptions { OnOutput = _ => started.TrySetResult() },
            cancel.Token);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        // The next job gets the slot only once the cancelled item has ended.
        await cluster.Client.MapAsync(_ => Environment.ProcessId, Enumerable.Range(0, 10), cancellationToken: cancellationToken);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(5));
        while (!File.Exists(marker))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
        }

        File.Delete(marker);
    }

    [Fact]
    public async Task A_pending_future_can_be_cancelled_and_a_running_one_only_by_force()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new TaskOptions { OnOutput = _ => started.TrySetResult() };
        var busy = Enumerable.Range(0, 2).Select(_ => cluster.Client.Submit(
            x =>
            {
                Console.WriteLine("started");
                return Workload.Hang(x);
            },
            0,
            options)).ToList();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var pending = Enumerable.Range(0, 10).Select(i => cluster.Client.Submit(Workload.Hang, i)).ToList();

        Assert.True(pending[^1].Cancel());
        Assert.Equal(ClusterFutureStatus.Cancelled, pending[^1].Status);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pending[^1]);

        foreach (var future in busy.Concat(pending))
        {
            future.Cancel(force: true);
        }

        Assert.Equal(4, await cluster.Client.Submit(x => x + 1, 3, cancellationToken: TestContext.Current.CancellationToken).Task.WaitAsync(
            TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    private sealed class Watcher(Action<JobProgress> action) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => action(value);
    }
}
