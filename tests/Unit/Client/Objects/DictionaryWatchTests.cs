using Cluster.Client;
using Cluster.Coordinator.Hosting;
using Cluster.TestKit;
using Cluster.TestKit.Time;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;
using static Cluster.Client.DictionaryChangeKind;

namespace Cluster.Unit.Client.Objects;

/// <summary>Watches of the SDK: one client writes, and one watches through a proxy that breaks its connection.</summary>
public sealed class DictionaryWatchTests : ProxiedReader
{
    // More than the coordinator remembers.
    private const int Forgotten = 17_000;

    private protected override ManualTime Time { get; } = new();

    [Fact]
    public async Task Every_kind_of_change_is_told()
    {
        var (written, watched) = Dictionaries<int>("all");
        await written.SetAsync("before", 0, cancellationToken: Token);
        await using var watch = new WatchReader<string, int>(watched.WatchAsync(cancellationToken: Token));
        watch.Begin();
        await watched.CountAsync(Token);

        var first = await written.SetAsync("a", 1, cancellationToken: Token);
        var many = await written.SetManyAsync([new("b", 2), new("c", 3)], cancellationToken: Token);
        await written.IncrementAsync("n", 5, Token);
        await written.RemoveAsync("a", cancellationToken: Token);
        await written.SetAsync("short", 6, new WriteOptions { TimeToLive = TimeSpan.FromSeconds(1) }, Token);
        Time.Advance(TimeSpan.FromSeconds(2));
        await written.ClearAsync(Token);

        var changes = await watch.NextAsync(8);
        (DictionaryChangeKind, string?, int)[] expected = [(Set, "a", 1), (Set, "b", 2), (Set, "c", 3), (Set, "n", 5), (Removed, "a", 0), (Set, "short", 6), (Expired, "short", 0), (Cleared, null, 0)];
        Assert.Equal(expected, changes.Select(static change => (change.Kind, (string?)change.Key, change.Value)));
        Assert.Equal([first, many, many], changes.Take(3).Select(static change => change.Revision));
        Assert.Equal([true, false, true, true, true, true, true, true], changes.Select(static change => change.IsLastOfRevision));
        Assert.Equal(changes.Select(static change => change.Revision).Order(), changes.Select(static change => change.Revision));
    }

    [Fact]
    public async Task A_watch_has_begun_when_its_first_move_returns()
    {
        var dictionary = Reader.Dictionary<int, int>();
        await using var watch = new WatchReader<int, int>(dictionary.WatchAsync(cancellationToken: Token));
        watch.Begin();
        await dictionary.SetAsync(1, 1, cancellationToken: Token);

        Assert.Equal((Set, 1), ((await watch.NextAsync()) is var change ? change.Kind : default, change.Key));
    }

    [Fact]
    public async Task A_watch_may_begin_in_the_past_or_with_the_content()
    {
        var (written, watched) = Dictionaries<int>("past");
        var first = await written.SetAsync("a", 1, cancellationToken: Token);
        await written.SetAsync("b", 2, cancellationToken: Token);
        var third = await written.SetAsync("a", 3, cancellationToken: Token);

        await using var all = new WatchReader<string, int>(watched.WatchAsync(first, cancellationToken: Token));
        Assert.Equal([1, 2, 3], (await all.NextAsync(3)).Select(static change => change.Value));
        await using var last = new WatchReader<string, int>(watched.WatchAsync(third, cancellationToken: Token));
        Assert.Equal(3, (await last.NextAsync()).Value);
        await using var whole = new WatchReader<string, int>(watched.WatchAsync(snapshot: true, cancellationToken: Token));
        var content = await whole.NextAsync();
        Assert.Equal(Snapshot, content.Kind);
        Assert.True(content.Revision >= third);
        Assert.Equal([new("a", 3), new("b", 2)], content.Content);
        await written.SetAsync("c", 4, cancellationToken: Token);
        Assert.Equal(("c", 4), (await whole.NextAsync()) is var next ? (next.Key, next.Value) : default);
        Assert.Throws<ArgumentOutOfRangeException>(() => watched.WatchAsync(-1, cancellationToken: Token));
    }

    [Fact]
    public async Task What_is_forgotten_comes_as_the_content()
    {
        var (written, watched) = Dictionaries<int>("forgotten");
        var first = await written.SetAsync("first", 1, cancellationToken: Token);
        await FillAsync(written);

        await using var watch = new WatchReader<string, int>(watched.WatchAsync(first, cancellationToken: Token));
        var content = await watch.NextAsync();
        Assert.Equal((Snapshot, Forgotten + 1), (content.Kind, content.Content.Count));
        await written.SetAsync("next", 1, cancellationToken: Token);
        Assert.Equal("next", (await watch.NextAsync()).Key);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData(null)]
    public async Task AReader_sees_each_change_once_although_its_connection_breaks_again_and_again(string? name)
    {
        const int Rounds = 15;
        const int Each = 100;
        var written = (name is null ? Reader : Writer).Dictionary<string, int>(name);
        var watched = name is null ? written : Reader.Dictionary<string, int>(name);
        await using var watch = new WatchReader<string, int>(watched.WatchAsync(cancellationToken: Token));
        watch.Begin();
        await watched.CountAsync(Token);
        for (var round = 0; round < Rounds; round++)
        {
            // Some are told by now, some are on their way, some are yet to be written.
            var numbers = Enumerable.Range((round * Each) + 1, Each).ToArray();
            var writing = numbers.Select(i => written.SetAsync($"{i % 7}", i, cancellationToken: Token)).ToArray();
            await writing[round * Each / Rounds].Within();
            Proxy.Reset();

            Assert.Equal(numbers.Select(static i => (Set, $"{i % 7}", i)), (await watch.NextAsync(Each)).Select(static change => (change.Kind, change.Key, change.Value)));
            await Task.WhenAll(writing).Within();
        }

        Assert.True(Proxy.Accepted > 5, "The connection did not break.");
    }

    [Fact]
    public async Task A_slow_reader_holds_little_and_stalls_nobody_and_misses_nothing()
    {
        const int Changes = 10_000;
        var (written, watched) = Dictionaries<int>("slow");
        await using var watch = new WatchReader<string, int>(watched.WatchAsync(1, cancellationToken: Token));
        await written.SetAsync("n", 0, cancellationToken: Token);
        Assert.Equal(0, (await watch.NextAsync()).Value);

        await Task.WhenAll(Enumerable.Range(1, Changes).Select(i => written.SetAsync("n", i, cancellationToken: Token))).Within();

        // The coordinator is told that nobody takes them, and others are answered on the same session meanwhile.
        Assert.Equal(Changes, await watched.GetAsync("n", Token).Within());
        await NothingUnansweredAsync(watched);
        Assert.Equal(Enumerable.Range(1, Changes), (await watch.NextAsync(Changes)).Select(static change => change.Value));
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_gets_the_content()
    {
        var (written, watched) = Dictionaries<int>("slower");
        await using var watch = new WatchReader<string, int>(watched.WatchAsync(1, cancellationToken: Token));
        await written.SetAsync("n", 0, cancellationToken: Token);
        await watch.NextAsync();
        await FillAsync(written);
        await FillAsync(written);
        await NothingUnansweredAsync(watched);

        var model = new Dictionary<string, int> { ["n"] = 0 };
        DictionaryChange<string, int> change;
        do
        {
            change = await watch.NextAsync();
            model = change.Kind == Snapshot ? new(change.Content) : model;
            model[change.Key ?? "n"] = change.Value;
        }
        while (change.Kind != Snapshot);

        Assert.Equal((await written.ItemsAsync(Token)).OrderBy(static pair => pair.Key), model.OrderBy(static pair => pair.Key));
        await written.SetAsync("next", 1, cancellationToken: Token);
        Assert.Equal("next", (await watch.NextAsync()).Key);
    }

    [Fact]
    public async Task Ending_the_enumeration_ends_the_watch_at_theCoordinator()
    {
        var (written, watched) = Dictionaries<int>("ended");
        await using (var watch = new WatchReader<string, int>(watched.WatchAsync(1, cancellationToken: Token)))
        {
            await written.SetAsync("a", 1, cancellationToken: Token);
            await watch.NextAsync();
            await watched.CountAsync(Token);
            Assert.Equal(1, Reader.Connection.SharedObjects.Unanswered);
        }

        await NothingUnansweredAsync(watched);

        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var other = new WatchReader<string, int>(watched.WatchAsync(cancellationToken: cancelled.Token));
        var waiting = other.NextAsync();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await NothingUnansweredAsync(watched);
    }

    [Fact]
    public async Task A_watch_that_ends_while_its_connection_is_broken_does_not_come_back()
    {
        var watched = Reader.Dictionary<string, int>("broken");
        var watch = new WatchReader<string, int>(watched.WatchAsync(snapshot: true, cancellationToken: Token));
        await watch.NextAsync();
        Proxy.Cut();
        await watch.DisposeAsync();
        Proxy.Heal();

        await NothingUnansweredAsync(watched);
    }

    [Fact]
    public async Task Who_watches_hears_that_the_dictionary_was_deleted()
    {
        var (written, watched) = Dictionaries<int>("deleted");
        await using var watch = new WatchReader<string, int>(watched.WatchAsync(snapshot: true, cancellationToken: Token));
        await watch.NextAsync();
        await written.DeleteAsync(Token);

        await Assert.ThrowsAsync<ObjectDeletedException>(() => watch.NextAsync());
    }

    [Fact]
    public async Task A_named_dictionary_is_watched_on_in_another_session_and_an_anonymous_one_is_lost()
    {
        var (written, watched) = Dictionaries<int>("session");
        var anonymous = Reader.Dictionary<string, int>();
        await using var watch = new WatchReader<string, int>(watched.WatchAsync(snapshot: true, cancellationToken: Token));
        await using var lost = new WatchReader<string, int>(anonymous.WatchAsync(snapshot: true, cancellationToken: Token));
        await watch.NextAsync();
        await lost.NextAsync();
        await LoseSessionAsync(() => written.SetAsync("a", 1, cancellationToken: Token));

        // It is the same object: what was missed is told, and nothing else.
        Assert.Equal((Set, "a"), (await watch.NextAsync()) is var change ? (change.Kind, change.Key) : default);
        await Assert.ThrowsAsync<ObjectSessionLostException>(() => lost.NextAsync());
        await Assert.ThrowsAsync<ObjectSessionLostException>(() => anonymous.CountAsync(Token));
        await anonymous.DisposeAsync();
    }

    [Fact]
    public async Task Another_dictionary_of_the_same_name_begins_with_its_content()
    {
        var (written, watched) = Dictionaries<int>("again");
        await using var watch = new WatchReader<string, int>(watched.WatchAsync(1, cancellationToken: Token));
        await written.SetAsync("old", 1, cancellationToken: Token);
        await watch.NextAsync();
        await LoseSessionAsync(async () =>
        {
            await written.DeleteAsync(Token);
            await Writer.Dictionary<string, int>("again").SetAsync("new", 1, cancellationToken: Token);
        });

        var content = await watch.NextAsync();
        Assert.Equal(Snapshot, content.Kind);
        Assert.Equal([new("new", 1)], content.Content);
    }

    [Fact]
    public async Task ACoordinator_that_has_lost_its_objects_is_told_from_one_that_has_not()
    {
        var (written, watched) = Dictionaries<int>("lost");
        await using var watch = new WatchReader<string, int>(watched.WatchAsync(1, cancellationToken: Token));
        var last = await written.SetAsync("old", 1, cancellationToken: Token);
        await watch.NextAsync();
        Proxy.Cut();
        var address = Coordinator.Address;
        await Coordinator.DisposeAsync();
        Coordinator = await TestCoordinator.StartAsync(options => options with { Listen = [ListenAddress.Parse(address)] });
        await using (var other = await ClusterClient.ConnectAsync(address, cancellationToken: Token))
        {
            // Its revisions are beyond the old ones by now, and its history reaches back further.
            var anew = other.Dictionary<string, int>("lost");
            while (await anew.SetAsync("new", 1, cancellationToken: Token) < last + 5)
            {
                // One more.
            }
        }

        Proxy.Heal();
        var content = await watch.NextAsync();
        Assert.Equal(Snapshot, content.Kind);
        Assert.Equal([new("new", 1)], content.Content);
    }

    private (ClusterDictionary<string, T> Written, ClusterDictionary<string, T> Watched) Dictionaries<T>(string name) =>
        (Writer.Dictionary<string, T>(name), Reader.Dictionary<string, T>(name));

    private static async Task FillAsync(ClusterDictionary<string, int> dictionary)
    {
        foreach (var chunk in Enumerable.Range(0, Forgotten).Chunk(1000))
        {
            await dictionary.SetManyAsync(chunk.Select(static i => KeyValuePair.Create($"{i}", i)), cancellationToken: Token);
        }
    }

    // A reply is settled a moment after whoever waits for it has it.
    private async Task NothingUnansweredAsync(ClusterDictionary<string, int> dictionary)
    {
        for (var i = 0; Reader.Connection.SharedObjects.Unanswered > 0; i++)
        {
            Assert.True(i < 1000, "The watch is still there.");
            await dictionary.CountAsync(Token).Within();
            await Task.Yield();
        }
    }

    // Its lock is free when its session is over.
    private async Task LoseSessionAsync(Func<Task> meanwhile)
    {
        await Reader.Lock("session-lock").AcquireAsync(cancellationToken: Token);
        var waiting = Writer.Lock("session-lock").AcquireAsync(cancellationToken: Token);
        Proxy.Cut();
        while (!waiting.IsCompleted)
        {
            await meanwhile();
            meanwhile = () => Writer.Dictionary<int, int>("clock").CountAsync(Token);
            Time.Advance(TimeSpan.FromSeconds(31));
        }

        await waiting.Within();
        Proxy.Heal();
    }
}
