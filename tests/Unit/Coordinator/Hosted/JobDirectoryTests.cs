using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Grpc.Core;
using Xunit;
using JobsClient = Cluster.Protocol.V1.Jobs.JobsClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Jobs that belong to a call, as others see them: listed, explained, watched and cancelled.</summary>
public sealed class JobDirectoryTests : CoordinatorTest
{
    [Fact]
    public async Task They_are_listed_while_they_run_by_kind_and_name()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var jobs = new JobsClient(channel);
        using var stream = await OpenAsync(coordinator, spec => spec.Name = "stream");
        using var process = await OpenAsync(coordinator, spec => (spec.Name, spec.Process) = ("process", true));

        var all = await jobs.ListAsync(new ListJobsRequest(), cancellationToken: Deadline);
        Assert.Equal([("process", JobKind.Process), ("stream", JobKind.Stream)], all.Jobs.OrderBy(static job => job.Name).Select(static job => (job.Name, job.Kind)));
        Assert.All(all.Jobs, static job => Assert.Equal((JobStatus.Running, 1UL), (job.State, job.ExpectedItems)));
        Assert.Equal(stream.JobId, Assert.Single((await jobs.ListAsync(new ListJobsRequest { Kind = JobKind.Stream }, cancellationToken: Deadline)).Jobs).JobId);
        Assert.Equal(process.JobId, Assert.Single((await jobs.ListAsync(new ListJobsRequest { NamePrefix = "pro" }, cancellationToken: Deadline)).Jobs).JobId);
        Assert.Empty((await jobs.ListAsync(new ListJobsRequest { Kind = JobKind.Submitted }, cancellationToken: Deadline)).Jobs);
        Assert.Empty((await jobs.ListAsync(new ListJobsRequest { State = JobStatus.Queued }, cancellationToken: Deadline)).Jobs);

        var page = await jobs.ListAsync(new ListJobsRequest { PageSize = 1 }, cancellationToken: Deadline);
        var next = await jobs.ListAsync(new ListJobsRequest { PageSize = 1, PageToken = page.NextPageToken }, cancellationToken: Deadline);
        Assert.Equal((1, 1, ""), (page.Jobs.Count, next.Jobs.Count, next.NextPageToken));
        Assert.NotEqual(page.Jobs[0].JobId, next.Jobs[0].JobId);
    }

    [Fact]
    public async Task They_say_why_they_wait_and_end_when_somebody_else_cancels_them()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var jobs = new JobsClient(channel);
        using var job = await OpenAsync(coordinator);
        using var watch = jobs.Watch(new WatchJobRequest { JobId = job.JobId }, cancellationToken: Deadline);
        Assert.True(await watch.ResponseStream.MoveNext(Deadline));
        Assert.Equal("no node attached", (await jobs.GetAsync(new GetJobRequest { JobId = job.JobId }, cancellationToken: Deadline)).WaitingFor);
        Assert.Contains("belongs to a call", await RefuseAsync(StatusCode.FailedPrecondition, async () =>
        {
            using var results = jobs.Results(new JobResultsRequest { JobId = job.JobId }, cancellationToken: Deadline);
            await results.ResponseStream.MoveNext(Deadline);
        }), StringComparison.Ordinal);

        var cancelled = await jobs.CancelAsync(new CancelJobRequest { JobId = job.JobId }, cancellationToken: Deadline);
        Assert.Equal(JobStatus.Cancelled, cancelled.State);
        Assert.NotNull(cancelled.FinishedAt);
        var end = (await job.CollectAsync(Deadline)).End!;
        Assert.Equal(ErrorKind.Cancelled, end.Error.Kind);
        Assert.Contains("local at ", end.Error.Message, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Cancelled, (await LastAsync(watch)).State);
        Assert.Contains("forgotten at its end", await RefuseAsync(StatusCode.NotFound, async () => await jobs.GetAsync(new GetJobRequest { JobId = job.JobId }, cancellationToken: Deadline)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_follows_to_the_end()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await OpenAsync(coordinator);
        using var watch = new JobsClient(channel).Watch(new WatchJobRequest { JobId = job.JobId }, cancellationToken: Deadline);
        Assert.True(await watch.ResponseStream.MoveNext(Deadline));
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await node.AnswerAsync(chunk.ChunkId, [.. chunk.Batches.Select(RawBatches.Square)]);
        await node.EndAsync(chunk.ChunkId);
        Assert.Null((await job.CollectAsync(Deadline)).End!.Error);
        var last = await LastAsync(watch);
        Assert.Equal((JobStatus.Done, 1UL, 1UL), (last.State, last.Completed, last.ExpectedItems));
    }

    [Fact]
    public async Task A_process_is_shown_where_it_runs()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await OpenAsync(coordinator, spec => (spec.Process, spec.WantStarted) = (true, true));
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await node.SendAsync(new NodeMessage { ChunkStarted = new ChunkStarted { ChunkId = chunk.ChunkId, WorkerPid = 4711 } });
        await job.ReceiveAsync(static reply => reply.Started is not null, Deadline);
        var info = await new JobsClient(channel).GetAsync(new GetJobRequest { JobId = job.JobId }, cancellationToken: Deadline);
        Assert.Equal((JobKind.Process, "a", 4711), (info.Kind, info.Node, info.Pid));
    }

    [Fact]
    public async Task Nodes_show_what_their_last_heartbeat_told()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        await node.SendAsync(new NodeMessage { Heartbeat = new Heartbeat { Sequence = 1, Running = 2, MemoryBytes = 5, MemoryLimitBytes = 9 } });
        await node.ReceiveAsync(static command => command.HeartbeatAck is not null, Deadline);
        var info = Assert.Single(await coordinator.ListNodesAsync());
        Assert.Equal((2U, 5UL, 9UL), (info.Running, info.MemoryBytes, info.MemoryLimitBytes));
    }

    private static async Task<string> RefuseAsync(StatusCode code, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(code, refusal.StatusCode);
        return refusal.Status.Detail;
    }

    private async Task<JobInfo> LastAsync(AsyncServerStreamingCall<JobInfo> watch)
    {
        var last = watch.ResponseStream.Current;
        while (await watch.ResponseStream.MoveNext(Deadline))
        {
            last = watch.ResponseStream.Current;
        }

        Assert.NotNull(last.FinishedAt);
        return last;
    }

    private async Task<ScriptedJob> OpenAsync(TestCoordinator coordinator, Action<JobSpec>? change = null)
    {
        var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(change), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        using var channel = TestChannel.Open(coordinator.Address);
        using var watch = new JobsClient(channel).Watch(new WatchJobRequest { JobId = job.JobId }, cancellationToken: Deadline);
        do
        {
            // Until the end of the inputs has been read.
            Assert.True(await watch.ResponseStream.MoveNext(Deadline));
        }
        while (!watch.ResponseStream.Current.HasExpectedItems);

        return job;
    }
}
