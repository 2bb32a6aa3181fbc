using Cluster.Client;
using Cluster.Client.Connection;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Cluster.Unit.Coordinator.Hosted;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Client.Resume;

/// <summary>Jobs whose connection breaks: callers see a pause, and every item is answered once.</summary>
public sealed class ResumeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70)]
    [InlineData(100)]
    public async Task A_map_goes_on_where_it_was(int answered)
    {
        var runs = new Runs(Runs.BreakAfter(answered, reset: false));
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var results = await cluster.MapAsync(Sample.Square, Enumerable.Range(0, 100), cancellationToken: Token).Within();

        Assert.Equal(Enumerable.Range(0, 100), results);
        Assert.Empty(runs.Violations);
        if (answered is > 0 and < 100)
        {
            Assert.Equal([(2, new SkipItems { Count = (ulong)answered })], runs.Skipped);
        }
    }

    [Fact]
    public async Task It_goes_on_though_the_connection_breaks_again_and_again_with_answers_missing_all_over()
    {
        var runs = new Runs(
            Runs.BreakAfter(300, answers: index => index % 3 == 0),
            Runs.BreakAfter(0),
            Runs.BreakAfter(100, reset: false, answers: index => index % 7 == 0),
            Runs.BreakAfter(200, answers: index => index > 5_000));
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        string[] items = [.. Enumerable.Range(0, 10_000).Select(i => new string('x', i % 50) + i)];

        var results = await cluster.MapAsync(text => text, items, cancellationToken: Token).Within();

        Assert.Equal(items, results);
        Assert.Equal(5, runs.Opened);
        Assert.Empty(runs.Violations);
    }

    [Fact]
    public async Task Large_results_that_came_in_part_come_again_and_large_items_are_sent_again_whole()
    {
        var runs = new Runs(
            async (runs, job) =>
            {
                await job.AcceptAsync();

                // The first parts of a result; the item has not even arrived as a whole.
                await runs.EchoAsync(job, _ => true, most: 2);
                throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
            },
            Runs.BreakAfter(20));
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        byte[][] blocks = [new byte[17 << 20], [], new byte[3_000_000], [1, 2, 3]];
        new Random(1).NextBytes(blocks[0]);

        var results = await cluster.MapAsync(block => block, blocks, cancellationToken: Token).Within();

        // Compared as arrays of arrays, every byte of the large one would be boxed, which takes seconds.
        Assert.Equal(blocks.Length, results.Length);
        Assert.All(blocks.Zip(results), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second)));
        Assert.Equal(3, runs.Opened);
        Assert.Empty(runs.Violations);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lazy_maps_go_on_while_their_source_is_read(bool ordered)
    {
        var runs = new Runs(Runs.BreakAfter(10), Runs.BreakAfter(3, answers: index => index % 2 == 0), Runs.BreakAfter(500, reset: false));
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var taken = 0;
        var source = Enumerable.Range(0, 2_000).Where(_ => Interlocked.Increment(ref taken) > 0);
        var options = new MapOptions { MaxInFlight = 20 };
        var results = ordered ? cluster.IMapAsync(Sample.Square, source, options, Token) : cluster.IMapUnorderedAsync(Sample.Square, source, options, Token);

        var seen = new List<int>();
        await foreach (var result in results.WithCancellation(Token))
        {
            seen.Add(result);
            Assert.InRange(Volatile.Read(ref taken), seen.Count, seen.Count + 20);
        }

        Assert.Equal(Enumerable.Range(0, 2_000), ordered ? seen : seen.Order());
        Assert.Equal(4, runs.Opened);
        Assert.Empty(runs.Violations);
    }

    [Fact]
    public async Task Items_that_failed_stay_failed_and_do_not_run_again()
    {
        var runs = new Runs(async (runs, job) =>
        {
            await job.AcceptAsync();
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
            await job.FailAsync(3, Errors.DivideByZero());
            throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
        });
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var outcomes = await cluster.MapOutcomesAsync(Sample.Square, Enumerable.Range(0, 10).ToArray(), cancellationToken: Token).Within();

        Assert.Equal([3], outcomes.Where(outcome => !outcome.IsSuccess).Select(outcome => (int)outcome.Index));
        Assert.Equal([(2, new SkipItems { First = 3, Count = 1 })], runs.Skipped);
    }

    [Fact]
    public async Task A_call_of_which_every_item_is_answered_needs_no_further_run()
    {
        var runs = new Runs(Runs.BreakAfter(10, reset: false), (_, _) => throw new InvalidOperationException("there is nothing to do"));
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        // The end of the source is known before the last item is answered.
        var results = await cluster.MapAsync(Sample.Square, Enumerable.Range(0, 10).ToArray(), cancellationToken: Token).Within();

        Assert.Equal(Enumerable.Range(0, 10), results);
        Assert.Equal(1, runs.Opened);
    }

    [Fact]
    public async Task Progress_says_that_it_waits_and_never_goes_back()
    {
        var runs = new Runs(async (runs, job) =>
        {
            await job.AcceptAsync();
            var inputs = job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
            await inputs;
            await job.SendAsync(new RunReply { Progress = new Progress { Received = 10, Completed = 6, Failed = 0, Running = 4, Slots = 4 } });
            throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
        },
        async (runs, job) =>
        {
            await job.AcceptAsync();
            await job.SendAsync(new RunReply { Progress = new Progress { Received = 2, Completed = 0, Running = 2, Slots = 4 } });
            if (await runs.EchoAsync(job, _ => true, int.MaxValue))
            {
                await job.EndAsync();
            }
        });
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var reports = new List<JobProgress>();
        var options = new MapOptions { Progress = new Reporter(reports.Add) };

        await cluster.MapAsync(Sample.Square, Enumerable.Range(0, 10).ToArray(), options, Token).Within();

        Assert.Equal([(10, 6, 4), (10, 6, 0), (10, 6, 2), (10, 10, 0)], reports.Select(report => ((int)report.Received, (int)report.Completed, (int)report.Running)));
        Assert.Contains(coordinator.Address, reports[1].WaitingFor, StringComparison.Ordinal);
        Assert.All([reports[0], reports[2], reports[3]], report => Assert.Null(report.WaitingFor));
    }

    [Fact]
    public async Task A_coordinator_that_has_lost_the_code_gets_it_again()
    {
        var runs = new Runs(Runs.BreakAfter(5));
        FakeCoordinator coordinator = null!;
        coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            if (!coordinator.Has(job.Spec.Function.Code))
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "code is missing"));
            }

            if (runs.Opened == 0)
            {
                coordinator.ForgetCode();
            }

            await runs.RunAsync(job);
        });
        await using var disposal = coordinator;
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var results = await cluster.MapAsync(Sample.Square, Enumerable.Range(0, 10), cancellationToken: Token).Within();

        Assert.Equal(Enumerable.Range(0, 10), results);
        Assert.Equal(2, runs.Opened);
    }

    [Fact]
    public async Task Nodes_get_time_to_come_back_however_little_the_job_would_wait_for_them()
    {
        var patience = new List<double>();
        var runs = new Runs(Runs.BreakAfter(5));
        await using var coordinator = await FakeCoordinator.StartAsync(job =>
        {
            patience.Add(job.Spec.NoNodesTimeout.ToTimeSpan().TotalSeconds);
            return runs.RunAsync(job);
        });
        await using var cluster = await ClusterClient.ConnectAsync(
            coordinator.Address, new ClusterClientOptions { NoNodesTimeout = TimeSpan.FromSeconds(1) }, Token);

        await cluster.MapAsync(Sample.Square, Enumerable.Range(0, 10), cancellationToken: Token).Within();

        Assert.Equal([1, 10], patience);
    }

    [Fact]
    public async Task A_coordinator_that_takes_less_at_once_gets_less_at_once()
    {
        const ulong most = 2_000;
        var runs = new Runs(Runs.BreakAfter(2), async (runs, job) =>
        {
            await job.AcceptAsync(most, maxItemsInFlight: 5);
            for (var open = 0; await job.ReadAsync() is { } request && request.EndInputs is null;)
            {
                open += (int)(request.Inputs?.Count ?? 0);
                Assert.InRange(open, 0, 5);
                if (request.Inputs is { } batch)
                {
                    await job.AnswerAsync(batch);
                    open -= (int)batch.Count;
                }
            }

            await job.EndAsync();
        });
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        string[] items = [.. Enumerable.Range(0, 1_000).Select(i => $"{i}")];

        Assert.Equal(items, await cluster.MapAsync(text => text, items, cancellationToken: Token).Within());
    }

    [Fact]
    public async Task Reconnects_are_counted()
    {
        using var metrics = new MeterRecord(ClientMetrics.Meter);
        var runs = new Runs(Runs.BreakAfter(5), Runs.BreakAfter(0));
        await using var coordinator = await FakeCoordinator.StartAsync(runs.RunAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        await cluster.MapAsync(Sample.Square, Enumerable.Range(0, 10), cancellationToken: Token).Within();

        // Other tests break connections, too.
        Assert.InRange(metrics["cluster.client.reconnects"], 2, int.MaxValue);
        Assert.InRange(metrics["cluster.client.redials"], 1, int.MaxValue);
    }

    private sealed class Reporter(Action<JobProgress> report) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => report(value);
    }
}
