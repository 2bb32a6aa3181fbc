using System.Globalization;
using Cluster.Client;
using Cluster.Functional.Cli;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Processes;
using Google.Protobuf.WellKnownTypes;
using Xunit;
using JobsClient = Cluster.Protocol.V1.Jobs.JobsClient;

namespace Cluster.Functional.Restart;

/// <summary>Submitted jobs go on when the coordinator is back, however it ended.</summary>
public sealed class DetachedRestartTests
{
    private const int Items = 10_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task Every_item_has_one_result_whatever_happens_to_the_coordinator(int signal)
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        await cluster.Client.PushAsync(BuildOutput.Of("samples/Functions", "samples.dll"), "samples", Token);
        var request = new MapRequest { Function = "samples/wait", Items = { Enumerable.Range(0, Items).Select(i => Value.ForNumber(Seconds(i))) }, RequestId = "once" };
        var id = (await CallAsync(cluster, jobs => jobs.SubmitAsync(request, cancellationToken: Token).ResponseAsync)).JobId;
        List<ItemResult> before = [];
        for (var time = 1; time <= 2; time++)
        {
            await WaitForAsync(cluster, id, completed: (ulong)(time * 500));
            before = await ResultsAsync(cluster, id, noWait: true);
            Assert.InRange(before.Count, 1, Items - 1);
            await cluster.StopAsync(signal);
            await cluster.StartAgainAsync();
            Assert.True((await CallAsync(cluster, jobs => jobs.SubmitAsync(request, cancellationToken: Token).ResponseAsync)).Known);
        }

        var results = await ResultsAsync(cluster, id, noWait: false);
        Assert.Equal(Enumerable.Range(0, Items).Select(i => ((ulong)i, Seconds(i))), results.Select(result => (result.Index, result.Value.NumberValue)));
        Assert.Equal(before, results.Take(before.Count));
        var job = await CallAsync(cluster, jobs => jobs.GetAsync(new GetJobRequest { JobId = id }, cancellationToken: Token).ResponseAsync);
        Assert.Equal((JobStatus.Done, (ulong)Items, 0UL), (job.State, job.Completed, job.Failed));

        // Those that have ended are known after the next restart too.
        await cluster.StopAsync(signal);
        await cluster.StartAgainAsync();
        Assert.Equal(job, await CallAsync(cluster, jobs => jobs.GetAsync(new GetJobRequest { JobId = id }, cancellationToken: Token).ResponseAsync));
        Assert.Equal(results, await ResultsAsync(cluster, id, noWait: false));
    }

    [Fact]
    public async Task Commands_that_wait_for_a_job_go_on_when_the_coordinator_is_back()
    {
        const int Fewer = 2_500;
        await using var cluster = await RestartableCluster.StartAsync(Token);
        var address = cluster.Client.Address;
        await cluster.Client.PushAsync(BuildOutput.Of("samples/Functions", "samples.dll"), "samples", Token);
        var seconds = Enumerable.Range(0, Fewer).Select(static i => (8 * Seconds(i)).ToString("R", CultureInfo.InvariantCulture)).ToArray();
        var id = (await CliProcess.RunAsync(string.Join('\n', seconds), "submit", "samples/wait", "--address", address)).Expect(0).Output.Trim();
        await using var results = CliProcess.Start("results", id, "--address", address);
        await using var wait = CliProcess.Start("job", id, "--wait", "--address", address);
        var first = await results.ReadLineAsync();
        Assert.Equal(JobStatus.Running, (await CallAsync(cluster, jobs => jobs.GetAsync(new GetJobRequest { JobId = id }, cancellationToken: Token).ResponseAsync)).State);

        await cluster.StopAsync(Signals.Kill);
        await cluster.StartAgainAsync();

        string[] lines = [first, .. (await results.RunToEndAsync("")).Expect(0).Lines];
        Assert.Equal(seconds, lines);
        Assert.Contains($"{Fewer} of {Fewer} items have a result", (await wait.RunToEndAsync("")).Expect(0).Output, StringComparison.Ordinal);
    }

    // Long enough together for two restarts, and each different.
    private static double Seconds(int item) => 0.001 + (item / 1e8);

    private static async Task WaitForAsync(RestartableCluster cluster, string id, ulong completed)
    {
        using var channel = TestChannel.Open(cluster.Client.Address);
        using var watch = new JobsClient(channel).Watch(new WatchJobRequest { JobId = id }, cancellationToken: Token);
        while (await watch.ResponseStream.MoveNext(Token) && watch.ResponseStream.Current.Completed < completed)
        {
            // It tells again.
        }
    }

    private static async Task<List<ItemResult>> ResultsAsync(RestartableCluster cluster, string id, bool noWait)
    {
        using var channel = TestChannel.Open(cluster.Client.Address);
        using var call = new JobsClient(channel).Results(new JobResultsRequest { JobId = id, NoWait = noWait }, cancellationToken: Token);
        List<ItemResult> results = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            results.Add(call.ResponseStream.Current);
        }

        return results;
    }

    private static async Task<T> CallAsync<T>(RestartableCluster cluster, Func<JobsClient, Task<T>> call)
    {
        using var channel = TestChannel.Open(cluster.Client.Address);
        return await call(new JobsClient(channel));
    }
}
