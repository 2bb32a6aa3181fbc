using System.Text.Json;
using Cluster.Client;
using Cluster.Functional.Jobs;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.Coordinator;
using Xunit;
using OnError = Cluster.Client.OnError;

namespace Cluster.Functional.Detached;

/// <summary>Jobs that programs submit and look after by their id, in real processes.</summary>
public sealed class SubmitJobTests(SharedCluster shared)
{
    private const int LargeBytes = 3 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ClusterClient Cluster => shared.Client;

    [Fact]
    public async Task Results_come_back_in_order_and_again_and_again_whatever_their_type()
    {
        var by = 3;
        var numbers = await Cluster.SubmitJobAsync(x => x * by, Enumerable.Range(0, 5000), cancellationToken: Token);
        var words = await Cluster.SubmitJobAsync((string? word) => word?.ToUpperInvariant(), ["a", null, "ü"], cancellationToken: Token);
        var orders = await Cluster.SubmitJobAsync(async (Order order) => { await Task.Yield(); return order with { Total = order.Total * 2 }; }, Orders(), cancellationToken: Token);
        var nothing = await Cluster.SubmitJobAsync((int x) => x, Array.Empty<int>(), cancellationToken: Token);
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(Enumerable.Range(0, 5000).Select(x => x * 3), await numbers.GetResultsAsync(Token));
            Assert.Equal((IEnumerable<string?>)["A", null, "Ü"], await words.GetResultsAsync(Token));
            Assert.Equal([new Order("a", 2), new Order("b", 4)], await orders.GetResultsAsync(Token));
            Assert.Empty(await nothing.GetResultsAsync(Token));
        }

        Assert.Equal((IEnumerable<int>)[4998 * 3, 4999 * 3], await numbers.ResultsAsync(fromIndex: 4998, cancellationToken: Token).Select(outcome => outcome.Value).ToArrayAsync(Token));
        Assert.Empty(await numbers.ResultsAsync(fromIndex: 5000, cancellationToken: Token).ToArrayAsync(Token));
        var status = await numbers.GetStatusAsync(Token);
        Assert.Equal((ClusterJobState.Done, 5000L, 5000L, 0L, "int", true), (status.State, status.Items, status.Completed, status.Failed, status.ResultType, status.HasEnded));
    }

    [Fact]
    public async Task Large_items_and_results_pass_through_the_disk()
    {
        byte[][] items = [.. Enumerable.Range(1, 8).Select(i => Enumerable.Repeat((byte)i, i % 2 == 0 ? LargeBytes : 10).ToArray())];
        var job = await Cluster.SubmitJobAsync((byte[] bytes) => bytes.Reverse().ToArray(), items.ToAsyncEnumerable(), cancellationToken: Token);
        Assert.Equal(items, await job.GetResultsAsync(Token));
        Assert.Equal(items[5..], await job.ResultsAsync(fromIndex: 5, cancellationToken: Token).Select(outcome => outcome.Value).ToArrayAsync(Token));
        var texts = await Cluster.SubmitJobAsync((int x) => new string('x', x), [LargeBytes, 1], cancellationToken: Token);
        Assert.Equal([LargeBytes, 1], (await texts.GetResultsAsync(Token)).Select(text => text.Length));
    }

    [Fact]
    public async Task Another_client_finds_a_job_by_its_id_and_by_its_labels()
    {
        var label = Guid.NewGuid().ToString("N");
        var options = new JobOptions { Name = "squares " + label, Labels = new Dictionary<string, string> { ["run"] = label } };
        var submitted = await Cluster.SubmitJobAsync((int x) => x * x, [1, 2, 3], options, Token);
        await using var other = await ClusterClient.ConnectAsync(Cluster.Address, cancellationToken: Token);
        Assert.Equal((IEnumerable<int>)[1, 4, 9], await other.GetJob<int>(submitted.Id).GetResultsAsync(Token));
        var status = await other.GetJob(submitted.Id).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal((options.Name, label), (status.Name, status.Labels["run"]));
        var listed = await other.ListJobsAsync(new JobFilter { Labels = options.Labels, State = ClusterJobState.Done }, Token).ToArrayAsync(Token);
        Assert.Equal(submitted.Id, Assert.Single(listed).Id);
        Assert.Empty(await other.ListJobsAsync(new JobFilter { NamePrefix = options.Name, State = ClusterJobState.Failed }, Token).ToArrayAsync(Token));
    }

    [Fact]
    public async Task People_read_the_results_of_programs()
    {
        using var channel = TestChannel.Open(Cluster.Address);
        var jobs = new Protocol.V1.Jobs.JobsClient(channel);
        Assert.Equal("[1,-4]", await TellAsync(jobs, (await Cluster.SubmitJobAsync((int x) => x, [1, -4], cancellationToken: Token)).Id));
        Assert.Equal("[0.5]", await TellAsync(jobs, (await Cluster.SubmitJobAsync((double x) => x, [0.5], cancellationToken: Token)).Id));
        Assert.Equal("[\"ü\",null]", await TellAsync(jobs, (await Cluster.SubmitJobAsync((string? x) => x, ["ü", null], cancellationToken: Token)).Id));
        Assert.Equal("[\"AQI=\"]", await TellAsync(jobs, (await Cluster.SubmitJobAsync((int x) => new byte[] { 1, 2 }, [1], cancellationToken: Token)).Id));
        Assert.Contains("\"Name\":\"a\"", await TellAsync(jobs, (await Cluster.SubmitJobAsync((int x) => new Order("a", x), [1], cancellationToken: Token)).Id), StringComparison.Ordinal);
        var foreign = await Cluster.SubmitJobAsync((int x) => Guid.Empty, [1], cancellationToken: Token);
        await foreign.WaitAsync(cancellationToken: Token);
        using var call = jobs.Results(new JobResultsRequest { JobId = foreign.Id }, cancellationToken: Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.Contains("System.Guid", call.ResponseStream.Current.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_are_the_exceptions_of_a_map()
    {
        var stopped = await Cluster.SubmitJobAsync((int x) => x == 1 ? throw new InvalidDataException("one is bad") : x, Enumerable.Range(0, 500), new JobOptions { ChunkSize = 1 }, Token);
        var first = await Assert.ThrowsAsync<RemoteTaskException>(() => stopped.GetResultsAsync(Token));
        Assert.Equal(("System.IO.InvalidDataException", "one is bad", 1L), (first.RemoteType, first.RemoteMessage, first.Index));
        Assert.Equal(ClusterJobState.Failed, (await stopped.GetStatusAsync(Token)).State);
        var outcomes = await stopped.GetOutcomesAsync(Token);
        Assert.Equal(500, outcomes.Length);
        Assert.IsType<RemoteTaskException>(outcomes[1].Exception);

        var collected = await Cluster.SubmitJobAsync((int x) => 10 / x, [1, 0, 2, 0], new JobOptions { OnError = OnError.Collect }, Token);
        var all = await Assert.ThrowsAsync<MapFailedException>(() => collected.GetResultsAsync(Token));
        Assert.Equal([10, null, 5, null], all.Outcomes.Select(outcome => outcome.IsSuccess ? outcome.Value : null));
        Assert.All(all.InnerExceptions, failure => Assert.IsType<DivideByZeroException>(failure.InnerException));
        Assert.Equal((ClusterJobState.Done, 2L), ((await collected.GetStatusAsync(Token)).State, (await collected.GetStatusAsync(Token)).Failed));
    }

    [Fact]
    public async Task A_job_for_its_effects_has_an_end_and_failures()
    {
        var good = await Cluster.SubmitJobAsync((int x) => ArgumentOutOfRangeException.ThrowIfNegative(x), [1, 2], cancellationToken: Token);
        await good.ThrowIfFailedAsync(Token);
        var bad = await Cluster.SubmitJobAsync(async (int x) => { await Task.Yield(); ArgumentOutOfRangeException.ThrowIfNegative(x); }, [1, -2], cancellationToken: Token);
        Assert.Equal(1, (await Assert.ThrowsAsync<RemoteTaskException>(() => bad.ThrowIfFailedAsync(Token))).Index);
        var slow = await Cluster.SubmitJobAsync((int x) => Workload.Hang(x), [1], new JobOptions { Timeout = TimeSpan.FromMilliseconds(100) }, Token);
        Assert.Equal(0, (await Assert.ThrowsAsync<TaskTimeoutException>(() => slow.GetResultsAsync(Token))).Index);
    }

    [Fact]
    public async Task A_job_is_watched_and_cancelled_by_others()
    {
        var job = await Cluster.SubmitJobAsync((int x) => x == 0 ? x : Workload.Hang(x), [0, 1], new JobOptions { ChunkSize = 1 }, Token);
        await Assert.ThrowsAsync<TimeoutException>(() => job.WaitAsync(TimeSpan.FromMilliseconds(50), Token));
        await using var other = await ClusterClient.ConnectAsync(Cluster.Address, cancellationToken: Token);
        var results = other.GetJob<int>(job.Id).ResultsAsync(cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.True(await results.MoveNextAsync());
        Assert.Equal((0L, 0), (results.Current.Index, results.Current.Value));
        Assert.Single(await job.ResultsAsync(wait: false, cancellationToken: Token).ToArrayAsync(Token));
        var watching = other.GetJob(job.Id).WatchAsync(Token).ToArrayAsync(Token).AsTask();
        Assert.Equal((ClusterJobState.Cancelled, 1L), ((await other.GetJob(job.Id).CancelAsync(Token)).State, (await job.CancelAsync(Token)).Completed));
        Assert.True(await results.MoveNextAsync());
        Assert.IsType<TaskCanceledException>(results.Current.Exception);
        Assert.False(await results.MoveNextAsync());
        await results.DisposeAsync();
        Assert.Equal(ClusterJobState.Cancelled, (await watching.Within())[^1].State);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.GetResultsAsync(Token));
    }

    [Fact]
    public async Task Submitting_again_under_the_same_id_is_the_same_job()
    {
        var options = new JobOptions { RequestId = Guid.NewGuid().ToString("N") };
        var first = await Cluster.SubmitJobAsync((int x) => x + 1, Enumerable.Range(0, 100), options, Token);
        await using var other = await ClusterClient.ConnectAsync(Cluster.Address, cancellationToken: Token);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SubmitAsync(other, options)));
        Assert.Single(all.Select(job => job.Id).Distinct());
        Assert.Single(all, job => !job.WasKnown);
        var again = Assert.Single(await Task.WhenAll(SubmitAsync(Cluster, options)));
        Assert.True(again.WasKnown);
        Assert.Equal(100, (await again.GetResultsAsync(Token)).Length);
        var refused = await Assert.ThrowsAsync<ClusterException>(() => Cluster.SubmitJobAsync((int x) => x + 2, [1], options, Token));
        Assert.Contains(first.Id, refused.Message, StringComparison.Ordinal);
        Assert.Contains("another request", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_source_that_fails_there_is_no_job()
    {
        var label = Guid.NewGuid().ToString("N");
        var options = new JobOptions { Name = label, RequestId = label };
        await Assert.ThrowsAsync<InvalidDataException>(() => Cluster.SubmitJobAsync((int x) => x, Failing(), options, Token));
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cluster.SubmitJobAsync((int x) => x, Cancelling(cancel), options, cancel.Token));
        Assert.Empty(await Cluster.ListJobsAsync(new JobFilter { NamePrefix = label }, Token).ToArrayAsync(Token));

        // Nothing of it is in the way of the next.
        var job = await Cluster.SubmitJobAsync((int x) => x, [7], options, Token);
        Assert.False(job.WasKnown);
        Assert.Equal((IEnumerable<int>)[7], await job.GetResultsAsync(Token));
    }

    [Fact]
    public async Task What_makes_no_sense_is_said()
    {
        var unknown = await Assert.ThrowsAsync<JobNotFoundException>(() => Cluster.GetJob("dnone").GetStatusAsync(Token));
        Assert.Equal("dnone", unknown.JobId);
        Assert.Contains("forgotten", unknown.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JobNotFoundException>(async () => await Cluster.GetJob<int>("dnone").ResultsAsync(cancellationToken: Token).ToArrayAsync(Token));
        var job = await Cluster.SubmitJobAsync((int x) => x, [1], cancellationToken: Token);
        var wrong = await Assert.ThrowsAsync<ClusterException>(() => Cluster.GetJob<string>(job.Id).GetResultsAsync(Token));
        Assert.Contains($"GetJob<int>(\"{job.Id}\")", wrong.Message, StringComparison.Ordinal);
        var other = await Assert.ThrowsAsync<ClusterException>(() => Cluster.GetJob<Order>(job.Id).GetResultsAsync(Token));
        Assert.Contains("cannot be read as", other.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => job.ResultsAsync(-1, cancellationToken: Token));
        await Assert.ThrowsAsync<ClusterException>(async () => await job.ResultsAsync(2, cancellationToken: Token).ToArrayAsync(Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Cluster.SubmitJobAsync((int x) => x, [1], new JobOptions { OnOutput = _ => { } }, Token));
    }

    private static async Task<ClusterJob<int>> SubmitAsync(ClusterClient cluster, JobOptions options) =>
        await cluster.SubmitJobAsync(AddOne, Enumerable.Range(0, 100), options with { RequestId = options.RequestId + "-many" }, Token);

    private static int AddOne(int x) => x + 1;

    private static async Task<string> TellAsync(Protocol.V1.Jobs.JobsClient jobs, string id)
    {
        using var call = jobs.Results(new JobResultsRequest { JobId = id }, cancellationToken: Token);
        List<string> told = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            told.Add(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(call.ResponseStream.Current.Value.ToString()), Relaxed));
        }

        return $"[{string.Join(",", told)}]";
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static async IAsyncEnumerable<Order> Orders()
    {
        await Task.Yield();
        yield return new Order("a", 1);
        yield return new Order("b", 2);
    }

    private static IEnumerable<int> Failing()
    {
        for (var i = 0; i < 100_000; i++)
        {
            yield return i;
        }

        throw new InvalidDataException("The source is at its end.");
    }

    private static IEnumerable<int> Cancelling(CancellationTokenSource cancel)
    {
        for (var i = 0; ; i++)
        {
            yield return i;
            if (i == 50_000)
            {
                cancel.Cancel();
            }
        }
    }

    public sealed record Order(string Name, int Total);
}
