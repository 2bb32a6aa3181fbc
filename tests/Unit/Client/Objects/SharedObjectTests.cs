using Cluster.Client;
using Cluster.Coordinator.Hosting;
using Cluster.TestKit;
using Cluster.TestKit.Network;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;

namespace Cluster.Unit.Client.Objects;

/// <summary>The SDK's shared objects, with a coordinator in the same process and two clients.</summary>
public sealed class SharedObjectTests : IAsyncLifetime
{
    private TestCoordinator _coordinator = null!;
    private ClusterClient _one = null!;
    private ClusterClient _two = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _coordinator = await TestCoordinator.StartAsync();
        _one = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        _two = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _coordinator.DisposeAsync();
    }

    [Fact]
    public async Task A_request_that_waits_for_long_does_not_use_up_the_session()
    {
        var queue = _one.Queue<int>("late");
        var waiting = queue.GetAsync(cancellationToken: Token);
        var counts = _one.Dictionary<string, long>("many");
        for (var part = 0; part < 70; part++)
        {
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => counts.IncrementAsync("n", cancellationToken: Token))).Within();
        }

        Assert.Equal(70_000, await counts.GetAsync("n", Token));
        Assert.False(waiting.IsCompleted);
        await _two.Queue<int>("late").PutAsync(7, cancellationToken: Token);
        Assert.Equal(7, await waiting.Within());
    }

    [Fact]
    public async Task A_dictionary_is_one_for_all()
    {
        var mine = _one.Dictionary<string, int>("results");
        var theirs = _two.Dictionary<string, int>("results");

        var revision = await mine.SetAsync("a", 1, cancellationToken: Token);
        Assert.Equal(1, await theirs.GetAsync("a", Token));
        Assert.Equal((1, revision), await theirs.GetEntryAsync("a", Token));
        Assert.Equal((false, 0), await theirs.TryGetAsync("b", Token));
        Assert.Contains("no entry 'b'", (await Assert.ThrowsAsync<KeyNotFoundException>(() => theirs.GetAsync("b", Token))).Message, StringComparison.Ordinal);
        Assert.False(await theirs.TryAddAsync("a", 9, cancellationToken: Token));
        Assert.Equal(1, await theirs.GetOrAddAsync("a", 9, Token));
        Assert.Equal(9, await theirs.GetOrAddAsync("b", 9, Token));
        Assert.Equal(12, await theirs.IncrementAsync("b", 3, Token));
        Assert.Equal(1, await theirs.IncrementAsync("new", cancellationToken: Token));
        Assert.Equal(["a", "b", "new"], await mine.KeysAsync(Token));
        Assert.Equal([new("a", 1), new("b", 12), new("new", 1)], await mine.ItemsAsync(Token));
        Assert.Equal(12, await mine.PopAsync("b", Token));
        Assert.True(await mine.RemoveAsync("a", cancellationToken: Token));
        Assert.False(await mine.ContainsKeyAsync("a", Token));
        Assert.Equal(new("new", 1), await mine.PopItemAsync(Token));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => mine.PopItemAsync(Token));
        await mine.SetManyAsync([new("x", 1), new("y", 2)], cancellationToken: Token);
        Assert.Equal(2, await theirs.CountAsync(Token));
        Assert.Equal(2, await theirs.ClearAsync(Token));
    }

    [Fact]
    public async Task No_update_gets_lost_between_two_clients()
    {
        const int Each = 200;
        var (mine, theirs) = (_one.Dictionary<string, long>("counts"), _two.Dictionary<string, long>("counts"));

        await Task.WhenAll(Enumerable.Range(0, Each).SelectMany(_ => (Task[])
        [
            mine.AddOrUpdateAsync("n", 1, static n => n + 1, Token),
            theirs.AddOrUpdateAsync("n", 1, static n => n + 1, Token),
            theirs.IncrementAsync("n", 1, Token),
        ]));

        Assert.Equal(3 * Each, await mine.GetAsync("n", Token));
    }

    [Fact]
    public async Task Records_and_nulls_are_values_too()
    {
        var people = _one.Dictionary<(int, string), Person?>();
        await people.SetAsync((1, "a"), new Person("Ada", 36), cancellationToken: Token);
        await people.SetAsync((2, "b"), null, cancellationToken: Token);

        Assert.Equal(new Person("Ada", 36), await people.GetAsync((1, "a"), Token));
        Assert.Equal((true, null), await people.TryGetAsync((2, "b"), Token));
    }

    [Fact]
    public async Task A_name_that_is_something_else_is_refused_with_both()
    {
        await _one.Dictionary<string, int>("thing").SetAsync("a", 1, cancellationToken: Token);

        var kind = await Assert.ThrowsAsync<ClusterObjectException>(() => _two.Queue<int>("thing").CountAsync(Token));
        Assert.Contains("thing", kind.Message, StringComparison.Ordinal);
        Assert.Contains("dictionary", kind.Message, StringComparison.OrdinalIgnoreCase);
        var type = await Assert.ThrowsAsync<ClusterObjectException>(() => _two.Dictionary<string, string>("thing").CountAsync(Token));
        Assert.Contains("System.Int32", type.Message, StringComparison.Ordinal);
        Assert.Contains("System.String", type.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_hands_on_what_is_put_and_bounds_it()
    {
        var mine = _one.Queue<string>("work", capacity: 2);
        Assert.Equal(0, await mine.CountAsync(Token));
        var theirs = _two.Queue<string>("work");
        var waiting = theirs.GetAsync(cancellationToken: Token);
        await mine.PutAsync("a", cancellationToken: Token);
        Assert.Equal("a", await waiting.Within());
        await mine.PutManyAsync(["b", "c"], cancellationToken: Token);
        Assert.False(await mine.TryPutAsync("d", Token));
        await Assert.ThrowsAsync<QueueFullException>(() => mine.PutAsync("d", TimeSpan.FromMilliseconds(1), Token));
        var blocked = mine.PutAsync("d", cancellationToken: Token);
        Assert.Equal(["b", "c"], await theirs.GetManyAsync(10, cancellationToken: Token));
        await blocked.Within();
        Assert.Equal((true, "d"), await theirs.TryGetAsync(Token));
        Assert.Equal((false, null), await theirs.TryGetAsync(Token));
        await Assert.ThrowsAsync<QueueEmptyException>(() => theirs.GetAsync(TimeSpan.FromMilliseconds(1), Token));

        Assert.False(await mine.JoinAsync(TimeSpan.Zero, Token));
        await theirs.TaskDoneAsync(4, Token);
        Assert.True(await mine.JoinAsync(cancellationToken: Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => theirs.TaskDoneAsync(cancellationToken: Token));
        await mine.ShutdownAsync(cancellationToken: Token);
        await Assert.ThrowsAsync<QueueShutDownException>(() => theirs.GetAsync(cancellationToken: Token));
        await Assert.ThrowsAsync<QueueShutDownException>(() => theirs.TryPutAsync("e", Token));
    }

    [Fact]
    public async Task What_a_lost_consumer_had_on_loan_is_delivered_again()
    {
        var (mine, theirs) = (_one.Queue<int>("loans"), _two.Queue<int>("loans"));
        await mine.PutManyAsync([1, 2], cancellationToken: Token);
        var lent = await theirs.LeaseAsync(cancellationToken: Token);
        Assert.Equal((1, 1), (lent.Value, lent.Deliveries));
        await _two.DisposeAsync();

        await using var again = await mine.LeaseAsync(cancellationToken: Token);
        Assert.Equal((1, 2), (again.Value, again.Deliveries));
        Assert.True(await again.AcknowledgeAsync(Token));
        await using (var second = await mine.LeaseAsync(cancellationToken: Token))
        {
            Assert.Equal(2, second.Value);
        }

        Assert.Equal(2, await mine.GetAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_cancelled_wait_takes_nothing()
    {
        var queue = _one.Queue<int>("cancelled");
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var waiting = queue.GetAsync(cancellationToken: cancelled.Token);
        await queue.CountAsync(Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within());

        await queue.PutAsync(7, cancellationToken: Token);
        Assert.Equal(7, await queue.GetAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_lock_has_one_owner_and_tells_the_next_that_it_was_abandoned()
    {
        var (mine, theirs) = (_one.Lock("guard"), _two.Lock("guard"));
        var first = await theirs.AcquireAsync(cancellationToken: Token);
        Assert.Null(await mine.TryAcquireAsync(Token));
        await Assert.ThrowsAsync<TimeoutException>(() => mine.AcquireAsync(TimeSpan.FromMilliseconds(1), Token));
        var waiting = mine.AcquireAsync(cancellationToken: Token);
        await _two.DisposeAsync();

        await using var second = await waiting.Within();
        Assert.True(second.WasAbandoned);
        Assert.True(second.FencingToken > first.FencingToken);
        var dictionary = _one.Dictionary<string, int>("guarded");
        await dictionary.SetAsync("a", 1, new WriteOptions { Fence = second }, Token);
        await second.ReleaseAsync(Token);
        await Assert.ThrowsAsync<StaleFenceException>(() => dictionary.SetAsync("a", 2, new WriteOptions { Fence = second }, Token));
        await Assert.ThrowsAsync<SynchronizationLockException>(() => mine.ReleaseAsync(Token));
    }

    [Fact]
    public async Task A_re_entrant_lock_is_its_flows_and_nobody_elses()
    {
        var gate = _one.RLock("again");
        await using (await gate.AcquireAsync(cancellationToken: Token))
        {
            await using var inner = await gate.AcquireAsync(cancellationToken: Token);
            Assert.Null(await _two.RLock("again").TryAcquireAsync(Token));
        }

        // Two flows with a common origin that holds nothing.
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var held = await gate.AcquireAsync(cancellationToken: Token);
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }))).Within();
    }

    [Fact]
    public async Task A_condition_wakes_those_who_wait()
    {
        var (mine, theirs) = (_one.Condition("ready"), _two.Condition("ready"));
        var value = _one.Value(0, "ready-value");
        var waiting = WaitAsync();
        await using (await theirs.AcquireAsync(cancellationToken: Token))
        {
            await _two.Value(0, "ready-value").SetAsync(1, Token);
            await theirs.NotifyAllAsync(Token);
        }

        Assert.True(await waiting.Within());
        await Assert.ThrowsAsync<SynchronizationLockException>(() => mine.NotifyAsync(cancellationToken: Token));

        async Task<bool> WaitAsync()
        {
            await using var held = await mine.AcquireAsync(cancellationToken: Token);
            Assert.False(await mine.WaitForAsync(() => value is null, TimeSpan.Zero, Token));
            return await mine.WaitForAsync(async () => await value.GetAsync(Token) == 1, cancellationToken: Token);
        }
    }

    [Fact]
    public async Task Events_semaphores_and_barriers_bring_clients_together()
    {
        var flag = _one.Event("go");
        var waiting = _two.Event("go").WaitAsync(cancellationToken: Token);
        Assert.False(await flag.WaitAsync(TimeSpan.Zero, Token));
        await flag.SetAsync(Token);
        Assert.True(await waiting.Within());
        await flag.ClearAsync(Token);
        Assert.False(await flag.IsSetAsync(Token));

        var permits = _one.Semaphore(1, bounded: true, name: "permits");
        await using (await permits.AcquireAsync(cancellationToken: Token))
        {
            Assert.Null(await _two.Semaphore(1, bounded: true, name: "permits").TryAcquireAsync(Token));
        }

        Assert.Equal(1, await permits.GetValueAsync(Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => permits.ReleaseAsync(cancellationToken: Token));

        var (here, there) = (_one.Barrier(2, name: "meet"), _two.Barrier(2, name: "meet"));
        Assert.Equal([0, 1], (await Task.WhenAll(here.WaitAsync(cancellationToken: Token), there.WaitAsync(cancellationToken: Token)).Within()).Order());
        var left = here.WaitAsync(cancellationToken: Token);
        await there.AbortAsync(Token);
        await Assert.ThrowsAsync<BarrierBrokenException>(() => left.Within());
        await there.ResetAsync(Token);
        await Assert.ThrowsAsync<BarrierBrokenException>(() => here.WaitAsync(TimeSpan.FromMilliseconds(1), Token));
    }

    [Fact]
    public async Task Values_arrays_lists_and_pipes_are_shared()
    {
        var count = _one.Value(40, "count");
        Assert.Equal(40, await count.GetAsync(Token));
        Assert.Equal(42, await _two.Value(0, "count").AddAsync(2, Token));
        Assert.Equal(42, await count.ExchangeAsync(1, Token));
        Assert.Equal(1, await count.CompareExchangeAsync(5, 2, Token));
        Assert.Equal(1, await count.CompareExchangeAsync(5, 1, Token));
        Assert.Equal(5, await count.GetAsync(Token));
        Assert.Equal("text", await _one.Value("text").GetAsync(Token));

        var array = _one.Array([1.5, 2.5, 3.5], "array");
        await array.SetAsync(-1, 9, Token);
        Assert.Equal(3.5, await array.AddAsync(1, 1, Token));
        await array.SetSliceAsync(0, [0.5], Token);
        Assert.Equal((double[])[0.5, 3.5, 9], await _two.Array([0.0], "array").ToArrayAsync(Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => array.GetAsync(3, Token));
        Assert.Equal((int[])[0, 0, 0], await _one.Array<int>(3).ToArrayAsync(Token));
        Assert.Equal((bool[])[false, false], await _one.Array<bool>(2).ToArrayAsync(Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => _one.Array<int>(0));

        var list = _one.List<string>("list");
        Assert.Equal(3, await list.ExtendAsync(["c", "a", "b"], Token));
        await _two.List<string>("list").SortAsync(cancellationToken: Token);
        Assert.Equal(["a", "b", "c"], await list.ToArrayAsync(Token));
        Assert.Equal(1, await list.IndexOfAsync("b", Token));
        Assert.Equal("c", await list.PopAsync(cancellationToken: Token));
        await list.InsertAsync(0, "z", Token);
        await list.ReverseAsync(Token);
        Assert.Equal(["b", "a"], await list.SliceAsync(0, 2, Token));
        Assert.True(await list.RemoveAsync("a", Token));
        Assert.Equal(2, await list.ClearAsync(Token));

        var pipe = _one.Pipe<int>("pipe");
        var other = _two.Pipe<int>("pipe").Right;
        await pipe.Left.SendAsync(1, cancellationToken: Token);
        Assert.True(await other.PollAsync(TimeSpan.FromSeconds(10), Token));
        Assert.Equal(1, await other.ReceiveAsync(cancellationToken: Token));
        await other.SendAsync(2, cancellationToken: Token);
        Assert.Equal(2, await pipe.Left.ReceiveAsync(cancellationToken: Token));
        Assert.False(await pipe.Left.PollAsync(cancellationToken: Token));
        await Assert.ThrowsAsync<TimeoutException>(() => other.ReceiveAsync(TimeSpan.FromMilliseconds(1), Token));
        await pipe.Left.CloseAsync(Token);
        await Assert.ThrowsAsync<EndOfStreamException>(() => other.ReceiveAsync(cancellationToken: Token));
        await Assert.ThrowsAsync<ClusterObjectException>(() => other.SendAsync(3, cancellationToken: Token));
    }

    [Fact]
    public async Task An_anonymous_object_is_somebodys_own_and_a_deleted_one_is_gone()
    {
        var queue = _one.Queue<int>();
        await queue.PutAsync(1, cancellationToken: Token);
        Assert.Equal(0, await _one.Queue<int>().CountAsync(Token));
        Assert.True(await queue.DeleteAsync(Token));
        await Assert.ThrowsAsync<ObjectDeletedException>(() => queue.CountAsync(Token));
    }

    [Fact]
    public async Task Requests_are_pipelined_in_their_order()
    {
        var list = _one.List<int>();
        var appends = Enumerable.Range(0, 5000).Select(i => list.AppendAsync(i, Token)).ToArray();

        Assert.Equal(Enumerable.Range(1, 5000).Select(static i => (long)i), await Task.WhenAll(appends).Within());
        Assert.Equal(Enumerable.Range(0, 5000), await list.ToArrayAsync(Token));
    }

    [Fact]
    public async Task Every_change_happens_once_although_the_connection_breaks_again_and_again()
    {
        const int Increments = 3000;
        await using var proxy = new TcpFaultProxy(_coordinator.Address);
        await using var client = await ClusterClient.ConnectAsync(proxy.Address, cancellationToken: Token);
        var counts = client.Dictionary<string, long>("once");
        await using var held = await client.Lock("kept").AcquireAsync(cancellationToken: Token);
        var sums = new List<Task<long>>();
        for (var i = 0; i < Increments; i++)
        {
            sums.Add(counts.IncrementAsync("n", cancellationToken: Token));
            if (i % 500 == 499)
            {
                // Some have their reply by now, some are on their way, some wait.
                await sums[i - 250].Within();
                proxy.Reset();
            }
        }

        Assert.Equal(Enumerable.Range(1, Increments).Select(static i => (long)i), await Task.WhenAll(sums).Within());
        Assert.Equal(Increments, await _one.Dictionary<string, long>("once").GetAsync("n", Token));
        Assert.True(proxy.Accepted > 5, "The connection did not break.");
        Assert.Null(await _two.Lock("kept").TryAcquireAsync(Token));
    }

    [Fact]
    public async Task A_session_that_is_over_is_told_and_another_begins()
    {
        var counts = _one.Dictionary<string, long>("after");
        await counts.IncrementAsync("n", cancellationToken: Token);
        var queue = _one.Queue<int>();
        var waiting = queue.GetAsync(cancellationToken: Token);
        var address = _coordinator.Address;
        await _coordinator.DisposeAsync();
        _coordinator = await TestCoordinator.StartAsync(options => options with { Listen = [ListenAddress.Parse(address)] });

        // That one knows nothing of the session, nor of what was in it.
        await Assert.ThrowsAsync<ObjectSessionLostException>(() => waiting.Within());
        Assert.Equal(1, await counts.IncrementAsync("n", cancellationToken: Token));
    }

    [Fact]
    public async Task A_request_right_after_the_session_was_given_up_hears_of_it_too()
    {
        var options = new ClusterClientOptions { ReconnectTimeout = TimeSpan.FromMilliseconds(1) };
        await using var client = await ClusterClient.ConnectAsync(_coordinator.Address, options, Token);
        var counts = client.Dictionary<string, long>("given-up");
        await counts.IncrementAsync("n", cancellationToken: Token);
        await _coordinator.StopAsync();

        // The next begins when the last has failed: at the very moment when nobody is dialling any more.
        for (var i = 0; i < 100; i++)
        {
            await Assert.ThrowsAnyAsync<ClusterException>(() => counts.IncrementAsync("n", cancellationToken: Token).Within());
        }
    }

    private sealed record Person(string Name, int Age);
}
