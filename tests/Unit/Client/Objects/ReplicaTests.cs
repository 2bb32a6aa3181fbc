using Cluster.Client;
using Cluster.Coordinator.Hosting;
using Cluster.TestKit;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;

namespace Cluster.Unit.Client.Objects;

/// <summary>Replicas of the SDK: one client has them, through a proxy that breaks its connection, and one writes.</summary>
public sealed class ReplicaTests : ProxiedReader
{
    [Fact]
    public async Task A_content_may_be_larger_than_what_may_wait_for_a_reader()
    {
        var large = Writer.Dictionary<int, string>("large");
        var text = new string('x', 1 << 20);
        for (var i = 0; i < 80; i++)
        {
            await large.SetAsync(i, text, cancellationToken: Token);
        }

        await using var replica = await Reader.Dictionary<int, string>("large").OpenReplicaAsync(Token);
        Assert.Equal(80, replica.Count);
        Assert.Equal(80, (await Reader.Dictionary<int, string>("large").ItemsAsync(Token)).Count);
        Assert.Equal(1, Proxy.Accepted);
    }

    [Fact]
    public async Task A_replica_is_the_dictionary_in_memory()
    {
        var dictionary = Writer.Dictionary<string, List<int>>("people");
        var revision = await dictionary.SetManyAsync([new("a", [1]), new("b", [2, 3])], cancellationToken: Token);
        await using var replica = await Reader.Dictionary<string, List<int>>("people").OpenReplicaAsync(Token).Within();

        Assert.True(replica.Revision >= revision);
        Assert.Equal([2, 3], replica["b"]);
        Assert.Same(replica["b"], replica["b"]);
        Assert.True(replica.TryGetValue("a", out var value) && value.Count == 1);
        Assert.False(replica.TryGetValue("c", out _));
        Assert.True(replica.ContainsKey("a"));
        Assert.Equal(2, replica.Count);
        Assert.Equal(["a", "b"], replica.Keys.Order());
        Assert.Equal([1, 2], replica.Values.Select(static list => list.Count).Order());
        Assert.Equal(["a", "b"], replica.Select(static pair => pair.Key).Order());
        Assert.Contains("no entry 'c'", Assert.Throws<KeyNotFoundException>(() => replica["c"]).Message, StringComparison.Ordinal);

        var before = replica.Snapshot();
        await dictionary.ClearAsync(Token);
        await replica.SyncAsync(Token).Within();
        Assert.Empty(replica);
        Assert.Equal(2, before.Count);
        Assert.True(before.Revision < replica.Revision);
    }

    [Theory]
    [InlineData("own")]
    [InlineData(null)]
    public async Task Who_writes_sees_it_in_a_replica_at_once(string? name)
    {
        var dictionary = Reader.Dictionary<string, long>(name);
        var written = name is null ? dictionary : Reader.Dictionary<string, long>(name);
        await using var replica = await dictionary.OpenReplicaAsync(Token).Within();
        for (var i = 1; i <= 300; i++)
        {
            var revision = await written.SetAsync("a", i, cancellationToken: Token);
            Assert.Equal(i, replica["a"]);
            Assert.True(replica.Revision >= revision);
            if (i % 50 == 0)
            {
                Proxy.Reset();
            }
        }

        Assert.False(await written.TryAddAsync("a", 0, cancellationToken: Token));
        Assert.True(await written.TryAddAsync("b", 7, cancellationToken: Token));
        Assert.Equal(7, replica["b"]);
        Assert.Equal(8, await written.IncrementAsync("b", cancellationToken: Token));
        Assert.Equal(8, replica["b"]);
        await written.GetOrAddAsync("c", 9, Token);
        Assert.Equal(9, replica["c"]);
        await written.SetManyAsync([new("d", 1), new("e", 2)], cancellationToken: Token);
        Assert.Equal((1, 2), (replica["d"], replica["e"]));
        await written.UpdateAsync("d", static old => old + 1, Token);
        Assert.Equal(2, replica["d"]);
        await written.PopAsync("d", Token);
        Assert.False(replica.ContainsKey("d"));
        await written.PopItemAsync(Token);
        Assert.False(replica.ContainsKey("e"));
        await written.RemoveAsync("c", cancellationToken: Token);
        Assert.False(replica.ContainsKey("c"));
        await written.ClearAsync(Token);
        Assert.Empty(replica);
        Assert.False(await written.RemoveAsync("c", cancellationToken: Token).Within());
    }

    [Fact]
    public async Task What_others_wrote_before_is_there_after_a_sync()
    {
        var dictionary = Writer.Dictionary<string, int>("sync");
        await using var replica = await Reader.Dictionary<string, int>("sync").OpenReplicaAsync(Token).Within();
        for (var i = 0; i < 200; i++)
        {
            await dictionary.SetAsync("a", i, cancellationToken: Token);
            if (i % 50 == 25)
            {
                Proxy.Reset();
            }

            await replica.SyncAsync(Token).Within();
            Assert.Equal(i, replica["a"]);
        }
    }

    [Fact]
    public async Task A_revision_can_be_waited_for_whatever_it_belongs_to()
    {
        var dictionary = Writer.Dictionary<string, int>("wait");
        await using var replica = await Reader.Dictionary<string, int>("wait").OpenReplicaAsync(Token).Within();
        var mine = await dictionary.SetAsync("a", 1, cancellationToken: Token);
        await replica.WaitForAsync(mine, Token).Within();
        Assert.Equal(1, replica["a"]);
        var other = await Writer.Dictionary<string, int>("other").SetAsync("x", 1, cancellationToken: Token);
        await replica.WaitForAsync(other, Token).Within();
        Assert.True(replica.Revision >= other);

        var waiting = replica.WaitForAsync(replica.Revision + 1, Token);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var given = replica.WaitForAsync(long.MaxValue, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.Within());
        Assert.False(waiting.IsCompleted);
        await dictionary.SetAsync("a", 2, cancellationToken: Token);
        await waiting.Within();
        Assert.Equal(2, replica["a"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_replica_equals_the_dictionary_after_whatever_happens(int seed)
    {
        var random = new Random(seed);
        ClusterDictionary<int, int>[] dictionaries = [Writer.Dictionary<int, int>("random"), Reader.Dictionary<int, int>("random")];
        await using var replica = await dictionaries[1].OpenReplicaAsync(Token).Within();
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => OperateAsync(random, dictionaries[random.Next(2)]))).Within();
            if (random.Next(3) == 0)
            {
                Proxy.Reset();
            }

            if (random.Next(2) == 0)
            {
                await CompareAsync();
            }
        }

        async Task CompareAsync()
        {
            while (true)
            {
                await replica.SyncAsync(Token).Within();
                var here = replica.Snapshot();
                var items = await dictionaries[0].ItemsAsync(Token);
                await replica.SyncAsync(Token).Within();
                if (replica.Revision == here.Revision)
                {
                    Assert.Equal(items.OrderBy(static pair => pair.Key), here.OrderBy(static pair => pair.Key));
                    return;
                }

                // The time of an entry was over in between.
            }
        }
    }

    [Fact]
    public async Task Changes_of_one_revision_are_seen_together_and_time_never_goes_back()
    {
        const int Keys = 40;
        const int Rounds = 400;
        var dictionary = Writer.Dictionary<int, int>("torn");
        await WriteAsync(0);
        await using var replica = await Reader.Dictionary<int, int>("torn").OpenReplicaAsync(Token).Within();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (var last = 0; last < Rounds;)
            {
                var snapshot = replica.Snapshot();
                var value = Assert.Single(snapshot.Values.Distinct());
                Assert.Equal(Keys, snapshot.Count);
                Assert.Single(replica.Select(static pair => pair.Value).Distinct());
                Assert.True(value >= last);

                // One read after the other: the second may be newer, and never older.
                var first = replica[0];
                Assert.True(replica[Keys - 1] >= first && first >= value);
                last = value;
            }
        }, Token)).ToArray();
        for (var round = 1; round <= Rounds; round++)
        {
            await WriteAsync(round);
            if (round % 100 == 0)
            {
                Proxy.Reset();
            }
        }

        await Task.WhenAll(readers).Within();

        Task WriteAsync(int value) => dictionary.SetManyAsync(Enumerable.Range(0, Keys).Select(key => KeyValuePair.Create(key, value)), cancellationToken: Token);
    }

    [Fact]
    public async Task An_entry_whose_time_is_over_leaves_the_replica()
    {
        var dictionary = Writer.Dictionary<string, int>("short");
        await using var replica = await Reader.Dictionary<string, int>("short").OpenReplicaAsync(Token).Within();
        var revision = await dictionary.SetAsync("a", 1, new WriteOptions { TimeToLive = TimeSpan.FromMilliseconds(1) }, Token);
        await replica.WaitForAsync(revision + 1, Token).Within();
        Assert.False(replica.ContainsKey("a"));
    }

    [Fact]
    public async Task A_replica_that_was_away_for_too_long_gets_the_content()
    {
        var dictionary = Writer.Dictionary<int, int>("away");
        await dictionary.SetAsync(-1, 1, cancellationToken: Token);
        await using var replica = await Reader.Dictionary<int, int>("away").OpenReplicaAsync(Token).Within();
        Proxy.Cut();
        await dictionary.RemoveAsync(-1, cancellationToken: Token);
        foreach (var chunk in Enumerable.Range(0, 20_000).Chunk(1000))
        {
            await dictionary.SetManyAsync(chunk.Select(static i => KeyValuePair.Create(i, i)), cancellationToken: Token);
        }

        Assert.Equal(1, replica[-1]);
        var syncing = replica.SyncAsync(Token);
        Proxy.Heal();
        await syncing.Within();
        Assert.Equal(20_000, replica.Count);
        Assert.False(replica.ContainsKey(-1));
        Assert.Equal(19_999, replica[19_999]);
    }

    [Fact]
    public async Task A_replica_outlives_that_theCoordinator_is_given_up()
    {
        await using var client = await ClusterClient.ConnectAsync(Coordinator.Address, new ClusterClientOptions { ReconnectTimeout = TimeSpan.FromMilliseconds(1) }, Token);
        var dictionary = client.Dictionary<string, int>("given-up");
        await dictionary.SetAsync("a", 1, cancellationToken: Token);
        await using var replica = await dictionary.OpenReplicaAsync(Token).Within();
        var waiting = replica.WaitForAsync(replica.Revision + 100, Token);

        // The coordinator has told by now that it is yet to come.
        await replica.SyncAsync(Token).Within();
        var address = Coordinator.Address;
        await Coordinator.DisposeAsync();

        await Assert.ThrowsAnyAsync<ClusterException>(() => replica.SyncAsync(Token).Within());
        Assert.Equal(1, replica["a"]);

        Coordinator = await TestCoordinator.StartAsync(options => options with { Listen = [ListenAddress.Parse(address)] });
        while (await SyncAsync() is ClusterUnavailableException)
        {
            // Once more.
        }

        Assert.Empty(replica);
        await dictionary.SetAsync("b", 2, cancellationToken: Token);
        Assert.Equal(2, replica["b"]);
        while (!waiting.IsCompleted)
        {
            await dictionary.SetAsync("b", 3, cancellationToken: Token).Within();
        }

        await waiting.Within();

        async Task<Exception?> SyncAsync() => await Record.ExceptionAsync(() => replica.SyncAsync(Token).Within());
    }

    [Fact]
    public async Task A_replica_that_cannot_go_on_says_so_when_it_is_read()
    {
        var dictionary = Writer.Dictionary<string, int>("gone");
        await dictionary.SetAsync("a", 1, cancellationToken: Token);
        var replica = await Reader.Dictionary<string, int>("gone").OpenReplicaAsync(Token).Within();
        var waiting = replica.WaitForAsync(long.MaxValue, Token);
        await replica.SyncAsync(Token).Within();
        var kept = replica.Snapshot();
        await dictionary.DeleteAsync(Token);
        await Assert.ThrowsAsync<ObjectDeletedException>(() => waiting.Within());
        Assert.Throws<ObjectDeletedException>(() => replica["a"]);
        await Assert.ThrowsAsync<ObjectDeletedException>(() => replica.SyncAsync(Token));
        Assert.Equal(1, kept["a"]);

        var disposed = await Reader.Dictionary<string, int>().OpenReplicaAsync(Token).Within();
        await disposed.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => disposed.Count);
        await replica.DisposeAsync();
        for (var i = 0; Reader.Connection.SharedObjects.Unanswered > 0; i++)
        {
            Assert.True(i < 1000, "A watch is still there.");
            await Reader.Dictionary<string, int>("other").CountAsync(Token);
        }

        var refused = await Assert.ThrowsAsync<ClusterObjectException>(() => Reader.Queue<int>("queue").CountAsync(Token) is var _ ? Reader.Dictionary<string, int>("queue").OpenReplicaAsync(Token).Within() : null!);
        Assert.Contains("queue", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_anonymous_dictionarys_replica_ends_with_its_session()
    {
        var dictionary = Reader.Dictionary<string, int>();
        await dictionary.SetAsync("a", 1, cancellationToken: Token);
        await using var replica = await dictionary.OpenReplicaAsync(Token).Within();
        var waiting = replica.WaitForAsync(long.MaxValue, Token);
        await replica.SyncAsync(Token).Within();
        var address = Coordinator.Address;
        await Coordinator.DisposeAsync();
        Coordinator = await TestCoordinator.StartAsync(options => options with { Listen = [ListenAddress.Parse(address)] });

        await Assert.ThrowsAsync<ObjectSessionLostException>(() => waiting.Within());
        Assert.Throws<ObjectSessionLostException>(() => replica["a"]);
    }

    [Fact]
    public async Task Keys_are_the_same_if_they_are_written_the_same()
    {
        var dictionary = Reader.Dictionary<int[], string>();
        await using var replica = await dictionary.OpenReplicaAsync(Token).Within();
        await dictionary.SetAsync([1, 2], "a", cancellationToken: Token);
        await dictionary.SetAsync([1, 3], "b", cancellationToken: Token);
        await dictionary.SetAsync([1, 2], "c", cancellationToken: Token);

        Assert.Equal(("c", "b", 2), (replica[[1, 2]], replica[[1, 3]], replica.Count));
        await dictionary.RemoveAsync([1, 2], cancellationToken: Token);
        Assert.False(replica.ContainsKey([1, 2]));
    }

    private static Task OperateAsync(Random random, ClusterDictionary<int, int> dictionary)
    {
        var key = random.Next(50);
        return random.Next(12) switch
        {
            0 => dictionary.RemoveAsync(key, cancellationToken: Token),
            1 => dictionary.TryAddAsync(key, random.Next(), cancellationToken: Token),
            2 => dictionary.SetManyAsync(Enumerable.Range(key, 5).Select(each => KeyValuePair.Create(each, key)), cancellationToken: Token),
            3 => dictionary.SetAsync(key, 1, new WriteOptions { TimeToLive = TimeSpan.FromMilliseconds(random.Next(1, 20)) }, Token),
            4 when random.Next(20) == 0 => dictionary.ClearAsync(Token),
            _ => dictionary.SetAsync(key, random.Next(), cancellationToken: Token),
        };
    }
}
