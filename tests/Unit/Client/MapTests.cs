using Cluster.Client;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class MapTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_stand_in_the_order_of_the_items_however_they_come()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            var batch = await job.ReadInputsAsync();
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
            var slicer = new BatchSlicer(batch);
            for (var i = (int)batch.Count - 1; i >= 0; i--)
            {
                await job.AnswerAsync(slicer.Slice((ulong)i, 1));
            }

            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var results = await cluster.MapAsync(Sample.Square, Enumerable.Range(0, 100), cancellationToken: Token).Within();

        Assert.Equal(Enumerable.Range(0, 100), results);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    public async Task Sources_of_any_kind_and_length_arrive_whole(int length)
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var numbers = Enumerable.Range(0, length);

        Assert.Equal(numbers, await cluster.MapAsync(Sample.Square, numbers, cancellationToken: Token).Within());
        Assert.Equal(numbers, await cluster.MapAsync(Sample.Square, numbers.ToArray(), cancellationToken: Token).Within());
        Assert.Equal(numbers, await cluster.MapAsync(Sample.Square, numbers.ToList(), cancellationToken: Token).Within());
        Assert.Equal(numbers, await cluster.MapAsync(Sample.Square, numbers.Where(_ => true), cancellationToken: Token).Within());
        Assert.Equal(numbers, await cluster.MapAsync(Sample.Square, Later(numbers), cancellationToken: Token).Within());
        Assert.Equal(numbers.Select(n => $"{n}"), await cluster.MapAsync(text => text, numbers.Select(n => $"{n}").ToArray(), cancellationToken: Token).Within());
    }

    [Fact]
    public async Task Large_items_travel_as_fragments_both_ways()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        byte[][] blocks = [new byte[3_000_000], [], new byte[17 << 20], [1, 2, 3]];
        new Random(1).NextBytes(blocks[2]);

        var results = await cluster.MapAsync(block => block, blocks, cancellationToken: Token).Within();

        Assert.Equal(blocks, results);
    }

    [Fact]
    public async Task The_bound_of_unanswered_bytes_is_kept()
    {
        const ulong most = 100_000;
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync(most);
            var waiting = new Queue<Batch>();
            ulong bytes = 0;
            for (var received = 0UL; received < 100;)
            {
                // Answer only what must be answered for the client to go on.
                var batch = await job.ReadInputsAsync();
                received += batch.Count;
                waiting.Enqueue(batch);
                bytes += (ulong)batch.Payload.Length;
                Assert.True(bytes <= most || waiting.Count == 1, $"{bytes} bytes in flight");
                if (bytes > most - 30_000 || received is 50 or 51 or 100)
                {
                    while (waiting.TryDequeue(out var answered))
                    {
                        bytes -= (ulong)answered.Payload.Length;
                        await job.AnswerAsync(answered);
                    }
                }
            }

            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        byte[][] blocks = [.. Enumerable.Range(0, 100).Select(i => new byte[i == 50 ? 150_000 : 30_000])];

        var results = await cluster.MapAsync(block => block, blocks, cancellationToken: Token).Within();

        Assert.Equal(blocks.Select(block => block.Length), results.Select(block => block.Length));
    }

    [Fact]
    public async Task The_first_failure_cancels_the_rest_and_is_thrown()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            Assert.Equal(Cluster.Protocol.V1.OnError.Stop, job.Spec.OnError);
            await job.AcceptAsync();
            await job.ReadInputsAsync();
            await job.FailAsync(1, Errors.DivideByZero());
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            cancelled.SetResult();
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var failure = await Assert.ThrowsAsync<RemoteTaskException>(() => cluster.MapAsync(Sample.Square, new[] { 1, 2, 3 }, cancellationToken: Token).Within());

        Assert.Equal((1, "System.DivideByZeroException", "blade-7", 4711), (failure.Index, failure.RemoteType, failure.Node, failure.WorkerPid));
        Assert.IsType<DivideByZeroException>(failure.InnerException);
        await cancelled.Task.Within();
    }

    [Fact]
    public async Task Collecting_keeps_every_result_beside_the_failures()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            Assert.Equal(Cluster.Protocol.V1.OnError.Collect, job.Spec.OnError);
            await job.AcceptAsync();
            var batch = await job.ReadInputsAsync();
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
            await job.FailAsync(1, Errors.DivideByZero());
            var slicer = new BatchSlicer(batch);
            await job.AnswerAsync(slicer.Slice(2, 1), slicer.Slice(0, 1));
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        int[] items = [10, 20, 30];

        var failed = await Assert.ThrowsAsync<MapFailedException>(
            () => cluster.MapAsync(Sample.Square, items, new MapOptions { OnError = Cluster.Client.OnError.Collect }, Token).Within());
        var outcomes = await cluster.MapOutcomesAsync(Sample.Square, items, cancellationToken: Token).Within();

        Assert.Equal([true, false, true], failed.Outcomes.Select(outcome => outcome.IsSuccess));
        Assert.Equal([10, 30], failed.Outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => (int)outcome.Value!));
        Assert.Contains("1 of 3 items failed", failed.Message, StringComparison.Ordinal);
        Assert.Equal([0L, 1L, 2L], outcomes.Select(outcome => outcome.Index));
        Assert.IsType<RemoteTaskException>(outcomes[1].Exception);
        Assert.Equal(30, outcomes[2].Value);
    }

    [Fact]
    public async Task A_source_that_throws_ends_the_map_with_its_exception()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        static IEnumerable<int> Broken()
        {
            yield return 1;
            throw new InvalidDataException("line 2 is no number");
        }

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => cluster.MapAsync(Sample.Square, Broken(), cancellationToken: Token).Within());

        Assert.Equal("line 2 is no number", failure.Message);
    }

    [Fact]
    public async Task The_callers_token_cancels_at_once_and_tells_the_coordinator()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var mine = new CancellationTokenSource();
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await job.ReadInputsAsync();
            await mine.CancelAsync();
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            told.SetResult();
            await job.EndAsync(new ErrorInfo { Kind = ErrorKind.Cancelled });
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => cluster.MapAsync(Sample.Square, new[] { 1, 2 }, cancellationToken: mine.Token).Within());

        Assert.Equal(mine.Token, cancelled.CancellationToken);
        await told.Task.Within();
    }

    [Fact]
    public async Task A_job_that_ends_early_or_without_an_end_never_hangs()
    {
        var scripts = new Queue<Func<FakeJob, Task>>([
            async job =>
            {
                await job.AcceptAsync();
                await job.EndAsync(new ErrorInfo { Kind = ErrorKind.NoNodes, Message = "No node was attached for 1 s." });
            },
            job => job.AcceptAsync(),
            _ => throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.InvalidArgument, "there is no function Nope")),
            async job =>
            {
                await job.AcceptAsync();
                await job.FailAsync(99, Errors.DivideByZero());
                await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
            },
        ]);
        await using var coordinator = await FakeCoordinator.StartAsync(job => scripts.Dequeue()(job));
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { ReconnectTimeout = TimeSpan.Zero }, Token);

        Task<int[]> Map() => cluster.MapAsync(Sample.Square, new[] { 1 }, cancellationToken: Token).Within();
        var noNodes = await Assert.ThrowsAsync<ClusterUnavailableException>(Map);
        var noEnd = await Assert.ThrowsAsync<ClusterUnavailableException>(Map);
        var refused = await Assert.ThrowsAsync<ClusterException>(Map);
        var unknown = await Assert.ThrowsAsync<ClusterException>(Map);

        Assert.True(noNodes.IsTransient);
        Assert.Contains("without ending it", noEnd.Message, StringComparison.Ordinal);
        Assert.Contains("there is no function Nope", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not sent", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_and_output_reach_the_caller_before_the_result_and_may_throw()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            var batch = await job.ReadInputsAsync();
            await job.SendAsync(new RunReply { Progress = new Progress { Received = 2, Running = 2, Nodes = 1, Slots = 4 } });
            await job.SendAsync(new RunReply { Output = new Output { Lines = { new Cluster.Protocol.V1.OutputLine { Text = "hello", Node = "a", WorkerPid = 5, Index = 1 } } } });
            await job.AnswerAsync(batch);
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var reports = new List<JobProgress>();
        var lines = new List<Cluster.Client.OutputLine>();
        var options = new MapOptions
        {
            Progress = new Reporter(progress =>
            {
                reports.Add(progress);
                throw new InvalidOperationException("a handler that throws");
            }),
            OnOutput = line =>
            {
                lines.Add(line);
                throw new InvalidOperationException("a handler that throws");
            },
        };

        await cluster.MapAsync(Sample.Square, new[] { 1, 2 }, options, Token).Within();

        Assert.Equal([2L, 2L], reports.Select(report => report.Total!.Value));
        Assert.Equal((4, 2L), (reports[0].Slots, reports[0].Running));
        Assert.Equal((2L, 0L), (reports[1].Completed, reports[1].Running));
        Assert.Equal(new Cluster.Client.OutputLine("hello", IsError: false, "a", 5, 1), Assert.Single(lines));
    }

    private static async IAsyncEnumerable<int> Later(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            if (number % 1000 == 0)
            {
                await Task.Yield();
            }

            yield return number;
        }
    }

    private sealed class Reporter(Action<JobProgress> report) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => report(value);
    }
}
