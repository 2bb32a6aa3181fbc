using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Cluster.Functional.AdHoc;

/// <summary>Jobs that are submitted in one call and looked after in others, in real processes.</summary>
public sealed class DetachedTests(PeopleCluster cluster) : IClassFixture<PeopleCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_submitted_job_runs_and_its_results_can_be_fetched_again_and_again()
    {
        var id = await SubmitAsync(PeopleCluster.Request("samples/share", [Value.ForNumber(5), Value.ForNumber(0), Value.ForNumber(50)]));
        for (var time = 0; time < 2; time++)
        {
            var results = await ResultsAsync(id);
            Assert.Equal([0UL, 1, 2], results.Select(result => result.Index));
            Assert.Equal((20.0, ErrorKind.User, 2.0), (results[0].Value.NumberValue, results[1].Error.Kind, results[2].Value.NumberValue));
        }

        Assert.Equal([2UL], (await ResultsAsync(id, from: 2)).Select(result => result.Index));
        Assert.Empty(await ResultsAsync(id, from: 3));
        var job = await WatchAsync(id);
        Assert.Equal((JobStatus.Done, 3UL, 2UL, 1UL, "samples/share"), (job.State, job.Items, job.Completed, job.Failed, job.Name));
        Assert.Equal(job, await GetAsync(id));
        Assert.Contains(id, (await cluster.Jobs.ListAsync(new ListJobsRequest { State = JobStatus.Done }, cancellationToken: Token)).Jobs.Select(listed => listed.JobId));
    }

    [Fact]
    public async Task Results_come_while_the_job_runs()
    {
        var request = PeopleCluster.Request("samples/wait", 0, 60);
        request.ChunkSize = 1;
        var id = await SubmitAsync(request);
        using var call = cluster.Jobs.Results(new JobResultsRequest { JobId = id }, cancellationToken: Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(0, call.ResponseStream.Current.Value.NumberValue);
        Assert.Single(await ResultsAsync(id, noWait: true));

        var cancelled = await cluster.Jobs.CancelAsync(new CancelJobRequest { JobId = id }, cancellationToken: Token);
        Assert.Equal((JobStatus.Cancelled, 1UL), (cancelled.State, cancelled.Completed));
        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(ErrorKind.Cancelled, call.ResponseStream.Current.Error.Kind);
        Assert.Equal(cancelled, await cluster.Jobs.CancelAsync(new CancelJobRequest { JobId = id }, cancellationToken: Token));
        await cluster.Client.WaitForChunksAsync(0);
    }

    [Fact]
    public async Task A_watch_tells_how_far_a_job_is_until_it_has_ended()
    {
        var request = PeopleCluster.Request("samples/wait", [.. Enumerable.Repeat(0.3, 6)]);
        request.ChunkSize = 1;
        var id = await SubmitAsync(request);
        using var call = cluster.Jobs.Watch(new WatchJobRequest { JobId = id }, cancellationToken: Token);
        List<JobInfo> told = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            told.Add(call.ResponseStream.Current);
        }

        Assert.Equal(told.Select(info => info.Completed).Order(), told.Select(info => info.Completed));
        Assert.Contains(told, info => info is { State: JobStatus.Running, Running: > 0 });
        Assert.Equal((JobStatus.Done, 6UL), (told[^1].State, told[^1].Completed));
    }

    [Fact]
    public async Task Submitting_again_with_the_same_id_is_the_same_job()
    {
        var request = PeopleCluster.Request("samples/square", 1, 2);
        request.RequestId = "once";
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => cluster.Jobs.SubmitAsync(request, cancellationToken: Token).ResponseAsync));
        Assert.Single(all.Select(reply => reply.JobId).Distinct());
        Assert.Single(all, reply => !reply.Known);
        request.Items.Add(Value.ForNumber(3));
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await cluster.Jobs.SubmitAsync(request, cancellationToken: Token));
        Assert.Equal(StatusCode.AlreadyExists, refusal.StatusCode);
    }

    [Fact]
    public async Task A_first_failure_stops_the_job_where_that_is_wanted()
    {
        var request = PeopleCluster.Request("samples/share", [Value.ForNumber(0), .. Enumerable.Repeat(Value.ForString("x"), 50)]);
        (request.OnError, request.ChunkSize) = (OnError.Stop, 1);
        var id = await SubmitAsync(request);
        var results = await ResultsAsync(id);
        Assert.Equal(51, results.Count);
        Assert.Contains(results, result => result.Error.Kind == ErrorKind.Cancelled);
        Assert.Equal(JobStatus.Failed, (await GetAsync(id)).State);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_before_there_is_a_job()
    {
        foreach (var (request, expected) in new[]
        {
            (PeopleCluster.Request("samples/sqare", 1), StatusCode.NotFound),
            (PeopleCluster.Request("samples/power", 1), StatusCode.InvalidArgument),
            (PeopleCluster.Request("samples/square", double.NaN), StatusCode.InvalidArgument),
            (new MapRequest(PeopleCluster.Request("samples/square", 1)) { RequestId = new string('x', 129) }, StatusCode.InvalidArgument),
        })
        {
            Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(async () => await cluster.Jobs.SubmitAsync(request, cancellationToken: Token))).StatusCode);
        }

        var missing = await Assert.ThrowsAsync<RpcException>(() => ResultsAsync("dnone"));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        Assert.Contains("'dnone'", missing.Status.Detail, StringComparison.Ordinal);
        var id = await SubmitAsync(PeopleCluster.Request("samples/square", 1));
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => ResultsAsync(id, from: 2))).StatusCode);
    }

    private async Task<string> SubmitAsync(MapRequest request) => (await cluster.Jobs.SubmitAsync(request, cancellationToken: Token)).JobId;

    private async Task<JobInfo> GetAsync(string id) => await cluster.Jobs.GetAsync(new GetJobRequest { JobId = id }, cancellationToken: Token);

    private async Task<JobInfo> WatchAsync(string id)
    {
        using var call = cluster.Jobs.Watch(new WatchJobRequest { JobId = id }, cancellationToken: Token);
        var last = new JobInfo();
        while (await call.ResponseStream.MoveNext(Token))
        {
            last = call.ResponseStream.Current;
        }

        return last;
    }

    private async Task<List<ItemResult>> ResultsAsync(string id, ulong from = 0, bool noWait = false)
    {
        using var call = cluster.Jobs.Results(new JobResultsRequest { JobId = id, FromIndex = from, NoWait = noWait }, cancellationToken: Token);
        List<ItemResult> results = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            results.Add(call.ResponseStream.Current);
        }

        return results;
    }
}
