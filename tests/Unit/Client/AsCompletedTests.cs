using System.Runtime.CompilerServices;
using Cluster.Client;
using Cluster.Client.Futures;
using Cluster.TestKit;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class AsCompletedTests
{
    private readonly ManualTime _time = new();
    private readonly StubOwner _owner;

    public AsCompletedTests()
    {
        _owner = new StubOwner(_time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Futures_come_as_they_are_done_those_that_are_already_first_and_duplicates_once()
    {
        var (a, b, c) = (Future(), Future(), Future());
        b.Succeed(2);
        await using var done = ClusterFuture.AsCompleted([a, b, c, b, a], cancellationToken: Token).GetAsyncEnumerator(Token);

        Assert.True(await done.MoveNextAsync());
        Assert.Same(b, done.Current);
        var next = done.MoveNextAsync();
        Assert.False(next.IsCompleted);
        c.Fail(new InvalidDataException());
        Assert.True(await next.AsTask().Within());
        Assert.Same(c, done.Current);
        a.Cancel();
        Assert.True(await done.MoveNextAsync().AsTask().Within());
        Assert.Same(a, done.Current);
        Assert.False(await done.MoveNextAsync().AsTask().Within());
    }

    [Fact]
    public async Task The_timeout_runs_from_the_call_and_says_what_is_missing()
    {
        var futures = new[] { Future(), Future(), Future() };
        var completed = ClusterFuture.AsCompleted(futures, TimeSpan.FromSeconds(2), Token);
        futures[1].Succeed(1);
        _time.Advance(TimeSpan.FromSeconds(3));
        await using var done = completed.GetAsyncEnumerator(Token);

        Assert.True(await done.MoveNextAsync().AsTask().Within());
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => done.MoveNextAsync().AsTask().Within());

        Assert.Equal("2 (of 3) futures unfinished", timeout.Message);
    }

    [Fact]
    public async Task Futures_can_be_added_while_iterating()
    {
        var first = Future();
        first.Succeed(1);
        var completed = ClusterFuture.AsCompleted([first], cancellationToken: Token);
        var seen = new List<int>();

        await foreach (var future in completed.WithCancellation(Token))
        {
            var value = await future;
            seen.Add(value);
            if (value < 5)
            {
                var next = Future();
                completed.Add(next);
                next.Succeed(value + 1);
            }
        }

        Assert.Equal([1, 2, 3, 4, 5], seen);
    }

    [Fact]
    public async Task Batches_hold_all_that_is_ready()
    {
        var futures = Enumerable.Range(0, 10).Select(_ => Future()).ToArray();
        foreach (var future in futures.Take(7))
        {
            future.Succeed(0);
        }

        await using var batches = ClusterFuture.AsCompleted(futures, cancellationToken: Token).BatchesAsync(Token).GetAsyncEnumerator(Token);

        Assert.True(await batches.MoveNextAsync());
        Assert.Equal(7, batches.Current.Count);
    }

    [Fact]
    public void What_was_yielded_is_not_kept_alive()
    {
        var completed = ClusterFuture.AsCompleted([Future()], cancellationToken: Token);
        var done = completed.GetAsyncEnumerator(Token);

        var yielded = YieldOne(completed, done);
        var waiting = done.MoveNextAsync().AsTask();
        GC.Collect();

        Assert.False(yielded.TryGetTarget(out _));
        Assert.False(waiting.IsCompleted);
        GC.KeepAlive(done);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference<ClusterFuture<int>> YieldOne(CompletedFutures<ClusterFuture<int>> from, IAsyncEnumerator<ClusterFuture<int>> into)
        {
            var future = Future();
            from.Add(future);
            future.Succeed(1);
            Assert.True(into.MoveNextAsync().AsTask().IsCompletedSuccessfully);
            Assert.Same(future, into.Current);
            return new WeakReference<ClusterFuture<int>>(future);
        }
    }

    [Fact]
    public async Task Asking_again_and_again_leaves_nothing_behind()
    {
        var future = Future();
        var asked = new List<WeakReference>();
        for (var i = 0; i < 10; i++)
        {
            asked.Add(await PollAsync(future));
        }

        GC.Collect();

        // The last may be held by the state machine of the poll.
        Assert.DoesNotContain(asked.SkipLast(1), poll => poll.IsAlive);
        future.Succeed(1);
        await using var done = ClusterFuture.AsCompleted([future], cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.True(await done.MoveNextAsync());

        static async Task<WeakReference> PollAsync(ClusterFuture<int> future)
        {
            var completed = ClusterFuture.AsCompleted([future], TimeSpan.Zero, Token);
            await using var done = completed.GetAsyncEnumerator(Token);
            await Assert.ThrowsAsync<TimeoutException>(() => done.MoveNextAsync().AsTask().Within());
            return new WeakReference(completed);
        }
    }

    [Fact]
    public void A_removed_callback_is_let_go_of_when_the_next_is_added()
    {
        var future = Future();
        var kept = new Counted();
        future.Add(kept);
        var removed = AddAndRemove(future);
        var last = new Counted();
        future.Add(last);
        GC.Collect();

        Assert.False(removed.IsAlive);
        future.Succeed(1);
        Assert.Equal((1, 1), (kept.Calls, last.Calls));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference AddAndRemove(ClusterFuture<int> future)
        {
            var callback = new Counted();
            future.Add(callback);
            callback.Remove();
            return new WeakReference(callback);
        }
    }

    [Fact]
    public async Task An_iteration_that_was_left_can_be_followed_by_another()
    {
        var (a, b, c) = (Future(), Future(), Future());
        a.Succeed(1);
        var completed = ClusterFuture.AsCompleted([a, b, c], cancellationToken: Token);
        await foreach (var future in completed.WithCancellation(Token))
        {
            Assert.Same(a, future);
            break;
        }

        b.Succeed(2);
        var seen = new List<ClusterFuture<int>>();
        await foreach (var future in completed.WithCancellation(Token))
        {
            seen.Add(future);
            c.Succeed(3);
        }

        Assert.Equal([b, c], seen);
    }

    [Fact]
    public async Task A_token_ends_the_waiting()
    {
        using var mine = new CancellationTokenSource();
        await using var done = ClusterFuture.AsCompleted([Future()], cancellationToken: mine.Token).GetAsyncEnumerator(Token);
        var next = done.MoveNextAsync();

        await mine.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask().Within());
    }

    private ClusterFuture<int> Future() => new(_owner);

    private sealed class Counted : FutureCallback
    {
        public int Calls { get; private set; }

        public override bool IsForeign => false;

        public override void Invoke(ClusterFuture future) => Calls++;
    }
}
