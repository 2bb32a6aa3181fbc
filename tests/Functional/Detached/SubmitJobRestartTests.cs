using Cluster.Client;
using Cluster.Functional.Restart;
using Cluster.TestKit;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Detached;

/// <summary>Jobs that programs submit, and the coordinator is killed: while they run, while they are being submitted, while somebody reads.</summary>
public sealed class SubmitJobRestartTests
{
    private const int Items = 10_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task Whoever_reads_gets_each_result_once_and_in_order(int signal)
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        var options = new JobOptions { RequestId = "once" };
        var job = await cluster.Client.SubmitJobAsync(Slowly, Enumerable.Range(0, Items), options, Token);
        var watching = LastAsync(job);
        var read = 0;
        await foreach (var outcome in job.ResultsAsync(cancellationToken: Token))
        {
            Assert.Equal((read, read * 2L), (outcome.Index, outcome.Value));
            read++;
            if (read is 1000 or 3000)
            {
                await cluster.StopAsync(signal);
                await cluster.StartAgainAsync();
            }
        }

        Assert.Equal(Items, read);
        var end = await watching;
        Assert.Equal((ClusterJobState.Done, (long)Items, 0L), (end.State, end.Completed, end.Failed));
        var again = await cluster.Client.SubmitJobAsync(Slowly, Enumerable.Range(0, Items), options, Token);
        Assert.Equal((job.Id, true), (again.Id, again.WasKnown));

        // From the disk alone.
        await cluster.StopAsync(signal);
        await cluster.StartAgainAsync();
        Assert.Equal(Enumerable.Range(0, Items).Select(x => x * 2L), await again.GetResultsAsync(Token));
    }

    [Fact]
    public async Task A_submission_goes_on_where_it_was()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        var restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var submitting = cluster.Client.SubmitJobAsync(Length, SourceAsync(reached, restarted.Task), cancellationToken: Token);
        await reached.Task.Within();
        await cluster.StopAsync(Signals.Kill);
        await cluster.StartAgainAsync();
        restarted.SetResult();
        var job = await submitting;
        Assert.Equal(Enumerable.Range(0, 3000), await job.GetResultsAsync(Token));
        Assert.Equal(3000, (await job.GetStatusAsync(Token)).Items);
    }

    [Fact]
    public async Task A_job_of_which_the_coordinator_dies_as_it_is_acknowledged_is_there_once()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        for (var time = 0; time < 5; time++)
        {
            var submitting = cluster.Client.SubmitJobAsync(Slowly, Enumerable.Range(0, 20), new JobOptions { Name = $"time {time}" }, Token);
            await cluster.StopAsync(Signals.Kill);
            await cluster.StartAgainAsync();
            var job = await submitting;
            Assert.Equal(Enumerable.Range(0, 20).Select(x => x * 2L), await job.GetResultsAsync(Token));
            Assert.Single(await cluster.Client.ListJobsAsync(new JobFilter { NamePrefix = $"time {time}" }, Token).ToArrayAsync(Token));
        }
    }

#pragma warning disable RS0030 // Work that takes its time, not a test that waits for something.
    private static long Slowly(int x)
    {
        Thread.Sleep(1);
        return x * 2L;
    }
#pragma warning restore RS0030

    private static int Length(byte[] bytes) => bytes.Length;

    // 4 MiB, of which the first half is sent before the kill.
    private static async IAsyncEnumerable<byte[]> SourceAsync(TaskCompletionSource reached, Task restarted)
    {
        for (var i = 0; i < 3000; i++)
        {
            if (i == 1500)
            {
                reached.SetResult();
                await restarted;
            }

            yield return new byte[i];
        }
    }

    private static async Task<ClusterJobInfo> LastAsync(ClusterJob job)
    {
        ClusterJobInfo? last = null;
        await foreach (var info in job.WatchAsync(Token))
        {
            Assert.True(last is null || info.Completed >= last.Completed || info.State == ClusterJobState.Queued);
            last = info;
        }

        return last!;
    }
}
