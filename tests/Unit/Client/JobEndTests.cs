using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Cluster.TestKit.Time;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Client;

/// <summary>What ends a job, and what must not hold the end up.</summary>
public sealed class JobEndTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_end_of_a_job_counts_whatever_becomes_of_the_call()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await AnswerAsync(job);
            throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var results = await cluster.MapAsync(Sample.Square, new[] { 1, 2 }, cancellationToken: Token).Within();

        Assert.Equal([1, 2], results);
    }

    [Fact]
    public async Task Results_do_not_wait_for_the_status_of_the_call()
    {
        var returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hungUp = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await AnswerAsync(job);
            await returned.Task.Within();
            while (await job.ReadAsync() is not null)
            {
                // Until the client has ended its side.
            }

            hungUp.SetResult(job.CallCancelled.IsCancellationRequested);
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var results = await cluster.MapAsync(Sample.Square, new[] { 1, 2 }, cancellationToken: Token).Within();
        returned.SetResult();

        Assert.Equal([1, 2], results);
        Assert.False(await hungUp.Task.Within(), "the client must not reset a call that ends well");
    }

    [Fact]
    public async Task A_job_that_failed_says_so_though_a_handler_does_not_return()
    {
        using var handler = new StuckHandler();
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await PrintAsync(job, 1);
            await handler.Entered.Within();
            await job.EndAsync(new ErrorInfo { Kind = ErrorKind.NoNodes, Message = "No node was attached for 1 s." });
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var options = new MapOptions { OnOutput = handler.OnOutput, Progress = handler };

        await Assert.ThrowsAsync<ClusterUnavailableException>(() => cluster.MapAsync(Sample.Square, new[] { 1, 2 }, options, Token).Within());
    }

    [Fact]
    public async Task Results_wait_for_a_handler_until_the_client_is_disposed()
    {
        using var handler = new StuckHandler();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await PrintAsync(job, 1);
            await handler.Entered.Within();
            await job.AnswerAsync(await job.ReadInputsAsync());
            await job.EndAsync();
            ended.SetResult();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var map = cluster.MapAsync(Sample.Square, new[] { 1, 2 }, new MapOptions { OnOutput = handler.OnOutput }, Token);
        await ended.Task.Within();
        Assert.False(map.IsCompleted, "what the function printed is to be seen before its results");
        await cluster.DisposeAsync().AsTask().Within();

        var results = await map.Within();
        Assert.Equal([1, 2], results);
    }

    [Fact]
    public async Task Disposal_does_not_wait_for_handlers_that_hold_the_answers_back()
    {
        using var handler = new StuckHandler();
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await PrintAsync(job, 1_000);
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            await job.EndAsync(new ErrorInfo { Kind = ErrorKind.Cancelled });
        });
        var time = new ManualTime();
        var cluster = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { TimeProvider = time }, Token);
        var future = cluster.Submit(Sample.Square, 1, new TaskOptions { OnOutput = handler.OnOutput }, Token);
        await handler.Entered.Within();

        var disposing = cluster.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        await disposing.Within();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => future.Task.Within());
    }

    [Fact]
    public async Task Cancelling_never_throws_at_who_cancels()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(_ => throw new RpcException(new Status(StatusCode.InvalidArgument, "no")));
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        for (var i = 0; i < 100; i++)
        {
            // The job ends at the same time.
            using var mine = new CancellationTokenSource();
            var map = cluster.MapAsync(Sample.Square, new[] { 1 }, cancellationToken: mine.Token);
            await Task.Yield();
            await mine.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => map.Within());
        }
    }

    private static async Task AnswerAsync(FakeJob job)
    {
        await job.AcceptAsync();
        var batch = await job.ReadInputsAsync();
        await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
        await job.AnswerAsync(batch);
        await job.SendAsync(new RunReply { End = new JobEnd() });
    }

    private static async Task PrintAsync(FakeJob job, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            await job.SendAsync(new RunReply { Output = new Output { Lines = { new Cluster.Protocol.V1.OutputLine { Text = $"line {i}", Node = "a" } } } });
        }
    }

    private sealed class StuckHandler : IProgress<JobProgress>, IDisposable
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _leave = new();

        public Task Entered => _entered.Task;

        public void OnOutput(Cluster.Client.OutputLine line) => Block();

        public void Report(JobProgress value) => Block();

        public void Dispose() => _leave.Set();

        private void Block()
        {
            _entered.TrySetResult();
            _leave.Wait(TimeSpan.FromSeconds(60));
        }
    }
}
