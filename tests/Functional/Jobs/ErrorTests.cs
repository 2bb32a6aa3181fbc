using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

public sealed class ErrorTests(SharedCluster cluster)
{
    private static int Fail(int x) => x == 5 ? throw new InvalidOperationException($"item {x} is bad", new IOException("the cause")) : x;

    [Fact]
    public async Task The_first_failure_says_what_where_and_why()
    {
        var failure = await Assert.ThrowsAsync<RemoteTaskException>(() => MapAsync(Fail));

        Assert.Equal("System.InvalidOperationException", failure.RemoteType);
        Assert.Equal("item 5 is bad", failure.RemoteMessage);
        Assert.Equal(5, failure.Index);
        Assert.Equal(1, failure.Attempt);
        Assert.True(failure.WorkerPid > 0);
        Assert.NotEmpty(failure.Node);
        Assert.Contains(nameof(Fail), failure.RemoteStack, StringComparison.Ordinal);
        var inner = Assert.IsType<InvalidOperationException>(failure.InnerException);
        Assert.IsType<IOException>(inner.InnerException);
    }

    [Fact]
    public async Task Collect_runs_everything_and_returns_one_outcome_per_item()
    {
        var outcomes = await cluster.Client.MapOutcomesAsync(Fail, Enumerable.Range(0, 10), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(10, outcomes.Length);
        Assert.Equal(5, Assert.Single(outcomes, outcome => !outcome.IsSuccess).Index);
        Assert.Equal(9, outcomes[9].Value);

        var failed = await Assert.ThrowsAsync<MapFailedException>(() => cluster.Client.MapAsync(
            Fail, Enumerable.Range(0, 10), new MapOptions { OnError = OnError.Collect }, TestContext.Current.CancellationToken));
        Assert.Equal(10, failed.Outcomes.Count);
        Assert.Single(failed.InnerExceptions);
    }

    [Fact]
    public async Task An_exception_that_cannot_be_rebuilt_arrives_as_text()
    {
        var failure = await Assert.ThrowsAsync<RemoteTaskException>(() => MapAsync<int>(x => throw new Unbuildable(x, x)));

        Assert.Equal(typeof(Unbuildable).FullName, failure.RemoteType);
        Assert.Equal("two arguments", failure.RemoteMessage);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public async Task An_exception_whose_message_throws_still_completes_its_item()
    {
        var failure = await Assert.ThrowsAsync<RemoteTaskException>(() => MapAsync<int>(_ => throw new Hostile()));

        Assert.Equal(typeof(Hostile).FullName, failure.RemoteType);
    }

    [Fact]
    public async Task A_result_that_cannot_be_serialized_fails_its_item_with_the_type()
    {
        var failure = await Assert.ThrowsAsync<RemoteTaskException>(() => MapAsync<object>(_ => new Cycle()));

        Assert.Contains(nameof(Cycle), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_worker_costs_only_the_item_that_killed_it()
    {
        var outcomes = await cluster.Client.MapOutcomesAsync(
            x =>
            {
                if (x == 500)
                {
                    Console.Error.WriteLine("last words");
                    Environment.Exit(3);
                }

                return x;
            },
            Enumerable.Range(0, 1_000),
            cancellationToken: TestContext.Current.CancellationToken);

        var failure = Assert.Single(outcomes, outcome => !outcome.IsSuccess);
        Assert.Equal(500, failure.Index);
        var lost = Assert.IsType<WorkerLostException>(failure.Exception);
        Assert.Equal(3, lost.ExitCode);
        Assert.True(lost.Attempts >= 3, $"{lost.Attempts} attempts");
        Assert.Contains("last words", lost.StderrTail, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 1_000).Where(x => x != 500), outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value));
    }

    [Fact]
    public async Task A_worker_killed_by_a_signal_says_which()
    {
        var failure = await Assert.ThrowsAsync<WorkerLostException>(async () => await cluster.Client.Submit(() =>
        {
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            self.Kill();
            return 0;
        }));

        Assert.Equal(9, failure.Signal);
    }

    private Task<TResult[]> MapAsync<TResult>(Func<int, TResult> function) =>
        cluster.Client.MapAsync(function, Enumerable.Range(0, 10), cancellationToken: TestContext.Current.CancellationToken);

    private sealed class Unbuildable(int a, int b) : Exception("two arguments")
    {
        public int Sum => a + b;
    }

    private sealed class Hostile : Exception
    {
        public override string Message => throw new NotSupportedException("no message for you");

        public override string ToString() => throw new NotSupportedException("nor a text");
    }

    private sealed class Cycle
    {
        public Cycle Self => this;
    }
}
