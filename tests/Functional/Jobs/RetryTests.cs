using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>Functions that fail on an item for a while.</summary>
public sealed class RetryTests(SharedCluster cluster)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly RetryOptions Quick = new() { MaxAttempts = 3, Delay = TimeSpan.FromMilliseconds(10) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_that_fails_twice_has_its_result_after_the_third_attempt()
    {
        var attempts = await cluster.Client.MapAsync(
            x => TaskContext.Current.Attempt < 1 + (x % 3) ? throw new IOException("not yet") : TaskContext.Current.Attempt,
            Enumerable.Range(0, 30),
            new MapOptions { Retry = Quick },
            Token).WaitAsync(Deadline, Token);

        Assert.Equal(Enumerable.Range(0, 30).Select(x => 1 + (x % 3)), attempts);
    }

    [Fact]
    public async Task The_failure_of_the_last_attempt_says_how_many_there_were()
    {
        var failed = await Assert.ThrowsAsync<RemoteTaskException>(() => cluster.Client.MapAsync(
            async x =>
            {
                await Task.Yield();
                return x == 1 ? throw new IOException($"attempt {TaskContext.Current.Attempt}") : x;
            },
            [0, 1],
            new MapOptions { Retry = Quick },
            Token).WaitAsync(Deadline, Token));

        Assert.Equal((3, "attempt 3"), (failed.Attempt, failed.RemoteMessage));
        Assert.IsType<IOException>(failed.InnerException);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task Only_what_the_policy_names_is_tried_again(bool isNamed, int attempts)
    {
        var retry = Quick with { Handle = [isNamed ? typeof(IOException) : typeof(TimeoutException)], Ignore = ["EndOfStreamException"] };
        var failing = cluster.Client.Submit(Fail, new FileNotFoundException().GetType().Name, new TaskOptions { Retry = retry });
        Assert.Equal(attempts, (await Assert.ThrowsAsync<RemoteTaskException>(() => failing.Task.WaitAsync(Deadline, Token))).Attempt);

        var ignored = cluster.Client.Submit(Fail, nameof(EndOfStreamException), new TaskOptions { Retry = retry });
        Assert.Equal(1, (await Assert.ThrowsAsync<RemoteTaskException>(() => ignored.Task.WaitAsync(Deadline, Token))).Attempt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_timeout_applies_to_each_attempt_and_counts_as_one(bool yields)
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 }, Token);
        var options = new TaskOptions { Timeout = TimeSpan.FromMilliseconds(300), Retry = Quick };
        var third = local.Client.Submit(SlowUntil, (3, yields), options);
        Assert.Equal(3, await third.Task.WaitAsync(Deadline, Token));

        var never = local.Client.Submit(SlowUntil, (9, yields), options);
        var timeout = await Assert.ThrowsAsync<TaskTimeoutException>(() => never.Task.WaitAsync(Deadline, Token));
        Assert.Equal(3, timeout.Attempt);

        var unhandled = local.Client.Submit(SlowUntil, (9, yields), options with { Retry = Quick with { Ignore = [typeof(TimeoutException)] } });
        Assert.Equal(1, (await Assert.ThrowsAsync<TaskTimeoutException>(() => unhandled.Task.WaitAsync(Deadline, Token))).Attempt);
    }

    [Fact]
    public async Task Cancelling_a_job_ends_the_wait_for_the_next_attempt()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new MapOptions
        {
            Retry = new RetryOptions { Delay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1), Backoff = RetryBackoff.Constant, UseJitter = false },
            OnOutput = _ => failed.TrySetResult(),
        };
        var waiting = cluster.Client.MapAsync(
            x =>
            {
                Console.Error.WriteLine("I fail now");
                return x == 0 ? throw new IOException() : x;
            },
            [0],
            options,
            cancel.Token);
        await failed.Task.WaitAsync(Deadline, Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Deadline, Token));
        var next = await cluster.Client.MapAsync(x => x, Enumerable.Range(0, 4), cancellationToken: Token).WaitAsync(Deadline, Token);
        Assert.Equal(4, next.Length);
    }

    private static int Fail(string how) => how switch
    {
        nameof(EndOfStreamException) => throw new EndOfStreamException(),
        _ => throw new FileNotFoundException(),
    };

    private static int SlowUntil((int Attempt, bool Yields) item)
    {
        if (TaskContext.Current.Attempt < item.Attempt)
        {
            var token = item.Yields ? TaskContext.Current.CancellationToken : CancellationToken.None;
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
        }

        return TaskContext.Current.Attempt;
    }
}
