using Cluster.Protocol.Batches;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Cluster.Worker.Link;
using Cluster.Worker.Results;
using Cluster.Worker.Running;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Worker;

/// <summary>How often a function is called on an item on which it fails, and how long is waited in between.</summary>
public sealed class ItemRetryTests
{
    private readonly List<int> _attempts = [];
    private readonly List<ItemFailure> _failures = [];
    private ChunkRun _chunk = null!;
    private Exception _failure = new IOException();

    [Theory]
    [InlineData(Backoff.Constant, 0, "100 100 100 100")]
    [InlineData(Backoff.Linear, 0, "100 200 300 400")]
    [InlineData(Backoff.Exponential, 0, "100 200 400 800")]
    [InlineData(Backoff.Linear, 250, "100 200 250 250")]
    [InlineData(Backoff.Exponential, 250, "100 200 250 250")]
    public async Task Every_attempt_is_made_after_the_wait_that_the_policy_says(Backoff backoff, int maxDelay, string waits)
    {
        var time = new JumpingTime();
        await RunAsync(Policy(5, backoff, maxDelay), time);

        Assert.Equal([1, 2, 3, 4, 5], _attempts);
        Assert.Equal(waits, Text(time.Waits));
    }

    [Fact]
    public async Task Without_a_delay_nothing_is_waited_for()
    {
        var time = new JumpingTime();
        await RunAsync(new RetryPolicy { MaxAttempts = 3, Backoff = Backoff.Exponential }, time);

        Assert.Equal([1, 2, 3], _attempts);
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Jitter_varies_the_waits_around_what_they_would_be()
    {
        var time = new JumpingTime();
        var policy = Policy(100, Backoff.Constant);
        policy.Jitter = true;
        await RunAsync(policy, time);

        Assert.Equal(99, time.Waits.Count);
        Assert.InRange(time.Waits.Distinct().Count(), 10, 99);
        Assert.All(time.Waits, wait => Assert.InRange(wait, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(150)));
    }

    [Theory]
    [InlineData(1, "2 3 4", "100 200 400")]
    [InlineData(3, "4", "400")]
    public async Task Attempts_that_timed_out_in_other_workers_count_and_only_the_wait_after_the_last_is_still_due(uint tries, string attempts, string waits)
    {
        var time = new JumpingTime();
        await RunAsync(Policy(4, Backoff.Exponential), time, attempt: tries + 1, tries: tries);

        Assert.Equal(attempts, string.Join(' ', _attempts));
        Assert.Equal(waits, Text(time.Waits));
    }

    [Fact]
    public async Task Workers_that_were_lost_do_not_count()
    {
        await RunAsync(Policy(3, Backoff.Constant), new JumpingTime(), attempt: 5);

        Assert.Equal([5, 6, 7], _attempts);
    }

    [Fact]
    public async Task What_does_not_fit_is_not_tried_again()
    {
        _failure = new CodeException("does not fit");
        await RunAsync(Policy(3, Backoff.Constant), new JumpingTime());

        Assert.Equal([1], _attempts);
    }

    [Fact]
    public async Task The_filter_is_asked_about_what_the_function_threw()
    {
        var policy = Policy(3, Backoff.Constant);
        policy.Handle.Add("System.TimeoutException");
        await RunAsync(policy, new JumpingTime());

        Assert.Equal([1], _attempts);
    }

    [Theory]
    [InlineData("", "1 2 3")]
    [InlineData("System.TimeoutException", "1")]
    public async Task An_attempt_that_took_too_long_is_one_that_failed_unless_the_policy_does_not_want_it(string ignored, string attempts)
    {
        var time = new JumpingTime();
        var policy = Policy(3, Backoff.Constant);
        policy.Ignore.AddRange(ignored.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        await RunAsync(policy, time, onAttempt: () => time.Pass(TimeSpan.FromSeconds(3)), timeout: TimeSpan.FromSeconds(2));

        Assert.Equal(attempts, string.Join(' ', _attempts));
    }

    [Fact]
    public async Task A_chunk_that_is_cancelled_tries_nothing_again()
    {
        await RunAsync(Policy(3, Backoff.Constant), new JumpingTime(), onAttempt: () => _chunk.Cancel());

        Assert.Equal([1], _attempts);
    }

    [Fact]
    public async Task While_it_waits_for_the_next_attempt_the_node_is_told_so_and_for_how_long()
    {
        WorkerItemRunning? report = null;
        var time = new JumpingTime(_ =>
        {
            // What the ticker does: it says nothing of what has just begun.
            _chunk.Clock!.TakeReport();
            report = _chunk.Clock.TakeReport();
        });
        await RunAsync(Policy(2, Backoff.Constant), time, timeout: TimeSpan.FromSeconds(2));

        Assert.Equal([1, 2], _attempts);
        Assert.Equal(new WorkerItemRunning { Index = 0, Tries = 1, Waiting = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(100)) }, report);
    }

    [Fact]
    public async Task The_stack_of_the_last_attempt_is_that_of_the_function_and_nothing_of_what_called_it()
    {
        await RunAsync(Policy(2, Backoff.Constant), new JumpingTime());

        var error = Assert.Single(_failures).Error;
        Assert.Equal(("System.IO.IOException", 2u), (error.Type, error.Attempt));
        Assert.All(error.Stack.Split('\n'), frame => Assert.StartsWith("   at Cluster.Unit.Worker.ItemRetryTests", frame, StringComparison.Ordinal));
    }

    private static RetryPolicy Policy(uint attempts, Backoff backoff, int maxDelay = 0) => new()
    {
        MaxAttempts = attempts,
        Backoff = backoff,
        Delay = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(100)),
        MaxDelay = maxDelay == 0 ? null : Duration.FromTimeSpan(TimeSpan.FromMilliseconds(maxDelay)),
    };

    private static string Text(IEnumerable<TimeSpan> waits) => string.Join(' ', waits.Select(wait => (int)wait.TotalMilliseconds));

    private async Task RunAsync(RetryPolicy policy, JumpingTime time, uint attempt = 1, uint tries = 0, Action? onAttempt = null, TimeSpan? timeout = null)
    {
        var spec = new JobSpec { Retry = policy, ItemTimeout = timeout is { } limit ? Duration.FromTimeSpan(limit) : null };
        using var job = new WorkerJob(new WorkerOpenJob { JobId = "job", Spec = spec }, new CodeContexts(), time);
        _chunk = new ChunkRun(1, job, attempt, tries);
        var builder = new BatchBuilder<int>(ItemCodec.For<int>());
        builder.Add(0, 7);
        _chunk.Batches.AddRange(builder.TakeAll());
        var failing = new SyncItemFunction<int, int>((_, _) =>
        {
            _attempts.Add(_chunk.Context.Attempt);
            onAttempt?.Invoke();
            throw _failure;
        });
        var runner = new ChunkRunner<int, int>(
            failing, ItemCodec.For<int>(), ItemCodec.For<int>(), _ => null, new Signature(null!, Arguments.Single), job.Limits);
        var queue = new ChunkQueue(threads: 1);
        Assert.True(queue.TryBegin(_chunk));
        using var wire = new MemoryStream();
        var surroundings = new ChunkSurroundings("node", new NodeLink(wire), new Ticker(TimeSpan.FromHours(1)), new Ticker(TimeSpan.FromHours(1)), time);
        await runner.RunAsync(_chunk, surroundings, queue);

        wire.Position = 0;
        var frames = new FrameReader<FromWorker>(FrameLink.Reader(wire), FromWorker.Parser);
        while (await frames.ReadAsync(TestContext.Current.CancellationToken) is { } frame)
        {
            _failures.AddRange(frame.Header.Results?.Failures ?? []);
        }
    }
}
