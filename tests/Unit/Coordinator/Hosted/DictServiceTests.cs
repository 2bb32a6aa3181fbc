using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;
using DictClient = Cluster.Protocol.V1.Dict.DictClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Dictionaries as ad-hoc callers see them.</summary>
public sealed class DictServiceTests : CoordinatorTest
{
    [Fact]
    public async Task Text_and_JSON_go_in_and_come_out()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var dict = new DictClient(channel);
        Value[] values = [Value.ForString("text"), Value.ForNumber(1.5), Value.ForNull(), Value.ForBool(true), Value.ForList(Value.ForNumber(1), Value.ForString("two"))];
        foreach (var value in values)
        {
            var set = await dict.SetAsync(new DictSetRequest { Dict = "d", Key = Value.ForString("k"), Value = value }, cancellationToken: Deadline);
            var item = await dict.GetAsync(new DictGetRequest { Dict = "d", Key = Value.ForString("k") }, cancellationToken: Deadline);
            Assert.Equal((value, set.Version), (item.Value, item.Version));
        }

        await dict.SetAsync(new DictSetRequest { Dict = "d", Key = Value.ForNumber(7), Value = values[0] }, cancellationToken: Deadline);
        var list = await dict.ListAsync(new DictListRequest { Dict = "d" }, cancellationToken: Deadline);
        Assert.Equal([Value.ForString("k"), Value.ForNumber(7)], list.Items.Select(item => item.Key));
        Assert.Equal(2UL, (await dict.ClearAsync(new DictClearRequest { Dict = "d" }, cancellationToken: Deadline)).Count);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_or_empty()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var dict = new DictClient(channel);
        var key = Value.ForString("k");

        Assert.Equal(StatusCode.NotFound, await RefusedAsync(dict.GetAsync(new DictGetRequest { Dict = "d", Key = key }, cancellationToken: Deadline).ResponseAsync));
        Assert.Empty((await dict.ListAsync(new DictListRequest { Dict = "d" }, cancellationToken: Deadline)).Items);
        Assert.False((await dict.DeleteAsync(new DictDeleteRequest { Dict = "d", Key = key }, cancellationToken: Deadline)).Deleted);
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(dict.GetAsync(new DictGetRequest { Key = key }, cancellationToken: Deadline).ResponseAsync));
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(dict.GetAsync(new DictGetRequest { Dict = "d" }, cancellationToken: Deadline).ResponseAsync));
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(dict.SetAsync(new DictSetRequest { Dict = "d", Key = key }, cancellationToken: Deadline).ResponseAsync));
    }

    [Fact]
    public async Task Numbers_are_added_to_and_versions_compared()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var dict = new DictClient(channel);
        var key = Value.ForString("n");
        Assert.Equal(1, (await dict.IncrementAsync(new DictIncrementRequest { Dict = "d", Key = key }, cancellationToken: Deadline)).Value.NumberValue);
        var sum = await dict.IncrementAsync(new DictIncrementRequest { Dict = "d", Key = key, By = 1.5 }, cancellationToken: Deadline);
        Assert.Equal(2.5, sum.Value.NumberValue);

        var refused = await dict.CompareAndSetAsync(new DictCompareAndSetRequest { Dict = "d", Key = key, Version = 1, Value = key }, cancellationToken: Deadline);
        Assert.Equal((false, sum.Version, 2.5), (refused.Done, refused.Current.Version, refused.Current.Value.NumberValue));
        var done = await dict.CompareAndSetAsync(new DictCompareAndSetRequest { Dict = "d", Key = key, Version = sum.Version, Value = key }, cancellationToken: Deadline);
        Assert.True(done.Done);
        Assert.Equal(StatusCode.FailedPrecondition, await RefusedAsync(dict.IncrementAsync(new DictIncrementRequest { Dict = "d", Key = key }, cancellationToken: Deadline).ResponseAsync));
        Assert.True((await dict.DeleteAsync(new DictDeleteRequest { Dict = "d", Key = key }, cancellationToken: Deadline)).Deleted);
    }

    [Fact]
    public async Task A_name_of_another_kind_is_refused()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var me = await ObjectStream.OpenAsync(coordinator.Address, Deadline);
        await me.OpenAsync(1, ObjectKind.Queue, "jobs");
        using var channel = TestChannel.Open(coordinator.Address);

        Assert.Equal(StatusCode.FailedPrecondition, await RefusedAsync(new DictClient(channel).ListAsync(new DictListRequest { Dict = "jobs" }, cancellationToken: Deadline).ResponseAsync));
    }

    [Fact]
    public async Task Watching_begins_with_the_content_or_goes_on_from_a_revision()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var dict = new DictClient(channel);
        var first = await SetAsync("a");
        using var whole = dict.Watch(new DictWatchRequest { Dict = "d" }, cancellationToken: Deadline);
        Assert.Equal("a", (await NextAsync(whole)).Set.Key.StringValue);
        Assert.True((await NextAsync(whole)).Current);
        await SetAsync("b");
        await dict.DeleteAsync(new DictDeleteRequest { Dict = "d", Key = Value.ForString("a") }, cancellationToken: Deadline);
        await dict.ClearAsync(new DictClearRequest { Dict = "d" }, cancellationToken: Deadline);
        Assert.Equal("b", (await NextAsync(whole)).Set.Key.StringValue);
        Assert.Equal("a", (await NextAsync(whole)).Deleted.StringValue);
        Assert.True((await NextAsync(whole)).Cleared);

        using var rest = dict.Watch(new DictWatchRequest { Dict = "d", FromRevision = first + 1 }, cancellationToken: Deadline);
        Assert.Equal("b", (await NextAsync(rest)).Set.Key.StringValue);

        async Task<ulong> SetAsync(string key) =>
            (await dict.SetAsync(new DictSetRequest { Dict = "d", Key = Value.ForString(key), Value = Value.ForNumber(1) }, cancellationToken: Deadline)).Version;
    }

    [Fact]
    public async Task A_dictionary_that_does_not_exist_reads_as_empty_and_only_a_write_creates_it()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Deadline);
        using var channel = TestChannel.Open(coordinator.Address);
        var dict = new DictClient(channel);
        var key = Value.ForString("k");
        using var watch = dict.Watch(new DictWatchRequest { Dict = "d" }, cancellationToken: Deadline);
        Assert.True((await NextAsync(watch)).Current);
        using var since = dict.Watch(new DictWatchRequest { Dict = "d", FromRevision = 1 }, cancellationToken: Deadline);
        Assert.True((await NextAsync(since)).Compacted);
        Assert.True((await NextAsync(since)).Current);
        Assert.Equal(StatusCode.NotFound, await RefusedAsync(dict.GetAsync(new DictGetRequest { Dict = "d", Key = key }, cancellationToken: Deadline).ResponseAsync));
        Assert.Empty((await dict.ListAsync(new DictListRequest { Dict = "d" }, cancellationToken: Deadline)).Items);
        Assert.False((await dict.CompareAndSetAsync(new DictCompareAndSetRequest { Dict = "d", Key = key, Version = 3, Value = key }, cancellationToken: Deadline)).Done);
        Assert.True((await dict.CompareAndSetAsync(new DictCompareAndSetRequest { Dict = "d", Key = key }, cancellationToken: Deadline)).Done);
        Assert.Empty(await client.ListObjectsAsync(cancellationToken: Deadline));

        var set = await dict.SetAsync(new DictSetRequest { Dict = "d", Key = key, Value = key }, cancellationToken: Deadline);
        Assert.Equal(set.Version, (await NextAsync(watch)).Set.Version);
        Assert.Equal(set.Version, (await NextAsync(since)).Set.Version);
        Assert.Equal(2, (await client.ListObjectsAsync(cancellationToken: Deadline)).Single().Watches);
    }

    [Fact]
    public async Task A_watch_of_a_name_that_something_else_gets_says_so()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Deadline);
        using var channel = TestChannel.Open(coordinator.Address);
        using var watch = new DictClient(channel).Watch(new DictWatchRequest { Dict = "q" }, cancellationToken: Deadline);
        Assert.True((await NextAsync(watch)).Current);
        await client.Queue<int>("q").PutAsync(1, cancellationToken: Deadline);
        Assert.Equal(StatusCode.FailedPrecondition, await RefusedAsync(watch.ResponseStream.MoveNext(Deadline)));
    }

    [Fact]
    public async Task Revisions_of_another_history_or_dictionary_are_not_taken_for_its_own()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Deadline);
        using var channel = TestChannel.Open(coordinator.Address);
        var dict = new DictClient(channel);
        var first = await client.Dictionary<string, int>("d").SetAsync("old", 1, cancellationToken: Deadline);
        using (var goesOn = dict.Watch(new DictWatchRequest { Dict = "d", FromRevision = (ulong)first }, cancellationToken: Deadline))
        {
            Assert.Equal("old", (await NextAsync(goesOn)).Set.Key.StringValue);
            Assert.NotEmpty((await NextAsync(goesOn)).Incarnation);
        }

        using (var strange = dict.Watch(new DictWatchRequest { Dict = "d", FromRevision = (ulong)first + 1, Incarnation = "another" }, cancellationToken: Deadline))
        {
            Assert.True((await NextAsync(strange)).Compacted);
            Assert.Equal("old", (await NextAsync(strange)).Set.Key.StringValue);
            Assert.True((await NextAsync(strange)).Current);
        }

        await client.Dictionary<string, int>("d").DeleteAsync(Deadline);
        await using var again = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Deadline);
        await again.Dictionary<string, int>("d").SetAsync("new", 1, cancellationToken: Deadline);
        using var since = dict.Watch(new DictWatchRequest { Dict = "d", FromRevision = (ulong)first + 1 }, cancellationToken: Deadline);
        Assert.True((await NextAsync(since)).Compacted);
        Assert.Equal("new", (await NextAsync(since)).Set.Key.StringValue);
    }

    [Fact]
    public async Task Keys_that_are_no_text_are_those_of_programs()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Deadline);
        using var channel = TestChannel.Open(coordinator.Address);
        var dict = new DictClient(channel);
        await client.Dictionary<long, string>("longs").SetAsync(1L << 53, "long", cancellationToken: Deadline);
        await client.Dictionary<double, string>("doubles").SetAsync(1e300, "double", cancellationToken: Deadline);
        await client.Dictionary<string[], string>("lists").SetAsync(["ü<\"", ""], "list", cancellationToken: Deadline);
        await client.Dictionary<Point, string>("points").SetAsync(new Point(1, null), "point", cancellationToken: Deadline);

        Assert.Equal("long", await GetAsync("longs", Value.ForNumber(1L << 53)));
        Assert.Equal("double", await GetAsync("doubles", Value.ForNumber(1e300)));
        Assert.Equal("list", await GetAsync("lists", Value.ForList(Value.ForString("ü<\""), Value.ForString(""))));
        Assert.Equal("point", await GetAsync("points", Value.ForStruct(new Struct { Fields = { ["Y"] = Value.ForNull(), ["X"] = Value.ForNumber(1) } })));

        async Task<string> GetAsync(string name, Value key) =>
            (await dict.GetAsync(new DictGetRequest { Dict = name, Key = key }, cancellationToken: Deadline)).Value.StringValue;
    }

    [Fact]
    public async Task What_programs_write_as_text_in_JSON_is_text()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Deadline);
        using var channel = TestChannel.Open(coordinator.Address);
        var dict = new DictClient(channel);
        await BothWaysAsync(Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), "0f8fad5b-d9cb-469f-a165-70867728950e");
        await BothWaysAsync(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "2026-01-02T03:04:05Z");
        await BothWaysAsync(new DateOnly(2026, 1, 2), "2026-01-02");
        await BothWaysAsync(TimeSpan.FromSeconds(90), "00:01:30");
        await BothWaysAsync('"', "\"");
        await BothWaysAsync(new Uri("http://a/ü"), "http://a/ü");
        await BothWaysAsync(double.NaN, "NaN");

        async Task BothWaysAsync<T>(T key, string text)
            where T : notnull
        {
            var entries = client.Dictionary<T, T>(typeof(T).Name);
            await entries.SetAsync(key, key, cancellationToken: Deadline);
            var item = await dict.GetAsync(new DictGetRequest { Dict = typeof(T).Name, Key = Value.ForString(text) }, cancellationToken: Deadline);
            Assert.Equal((Value.ForString(text), Value.ForString(text)), (item.Key, item.Value));

            await dict.ClearAsync(new DictClearRequest { Dict = typeof(T).Name }, cancellationToken: Deadline);
            await dict.SetAsync(new DictSetRequest { Dict = typeof(T).Name, Key = Value.ForString(text), Value = Value.ForString(text) }, cancellationToken: Deadline);
            Assert.Equal(key, await entries.GetAsync(key, Deadline));
            Assert.Equal([key], await entries.KeysAsync(Deadline));
            await using var replica = await entries.OpenReplicaAsync(Deadline);
            Assert.Equal(key, replica[key]);
        }
    }

    [Fact]
    public async Task The_fields_of_a_programs_key_have_no_order()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Deadline);
        using var channel = TestChannel.Open(coordinator.Address);
        var entries = client.Dictionary<Place, string>("places");
        await entries.SetAsync(new Place(2, new Point(1, null)), "here", cancellationToken: Deadline);
        var inner = new Struct { Fields = { ["Y"] = Value.ForNull(), ["X"] = Value.ForNumber(1) } };
        var key = Value.ForStruct(new Struct { Fields = { ["Z"] = Value.ForNumber(2), ["At"] = Value.ForStruct(inner) } });
        var item = await new DictClient(channel).GetAsync(new DictGetRequest { Dict = "places", Key = key }, cancellationToken: Deadline);
        Assert.Equal("here", item.Value.StringValue);
        Assert.Equal([new Place(2, new Point(1, null))], await entries.KeysAsync(Deadline));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public async Task Numbers_that_JSON_does_not_have_are_refused(double number)
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var dict = new DictClient(channel);
        var (key, none) = (Value.ForString("k"), Value.ForList(Value.ForNumber(number)));

        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(dict.SetAsync(new DictSetRequest { Dict = "d", Key = key, Value = none }, cancellationToken: Deadline).ResponseAsync));
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(dict.GetAsync(new DictGetRequest { Dict = "d", Key = none }, cancellationToken: Deadline).ResponseAsync));
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(dict.IncrementAsync(new DictIncrementRequest { Dict = "d", Key = key, By = number }, cancellationToken: Deadline).ResponseAsync));
    }

    private async Task<DictWatchReply> NextAsync(AsyncServerStreamingCall<DictWatchReply> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(Deadline));
        return watch.ResponseStream.Current;
    }

    private static async Task<StatusCode> RefusedAsync(Task call) => (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode;

    private sealed record Point(int X, string? Y);

    private sealed record Place(int Z, Point At);
}
