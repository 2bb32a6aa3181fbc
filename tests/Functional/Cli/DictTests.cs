using System.Text.Json;
using Cluster.Client;
using Cluster.TestKit.Network;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary><c>cluster dict</c> and <c>cluster objects</c>, against a coordinator of their own.</summary>
public sealed class DictTests : IAsyncLifetime
{
    private CliProcess _coordinator = null!;
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        _coordinator = CliProcess.Start("coordinator", "--listen", "http://127.0.0.1:0");
        _address = Json(await _coordinator.ReadLineAsync()).GetProperty("addresses")[0].GetString()!;
    }

    public ValueTask DisposeAsync() => _coordinator.DisposeAsync();

    [Fact]
    public async Task What_is_set_is_there_until_it_is_deleted()
    {
        var version = Json((await DictAsync("set", "d", "k", """{"a": [1, "ü"]}""")).Expect(0).Output).GetProperty("version").GetInt64();
        Assert.Equal("{\"a\":[1,\"ü\"]}\n", (await DictAsync("get", "d", "k")).Expect(0).Output);
        await DictAsync("set", "d", "2", "@two words");
        Assert.Equal("\"@two words\"\n", (await DictAsync("get", "d", "2")).Expect(0).Output);
        Assert.Contains("no entry", (await DictAsync("get", "d", "\"2\"")).Expect(4).Error, StringComparison.Ordinal);

        var list = (await DictAsync("list", "d")).Expect(0).Lines;
        Assert.Equal($$"""{"key":"k","value":{"a":[1,"ü"]},"version":{{version}}}""", list[0]);
        Assert.StartsWith("""{"key":2,"value":"@two words",""", list[1], StringComparison.Ordinal);
        Assert.True(Json((await DictAsync("delete", "d", "k")).Expect(0).Output).GetProperty("deleted").GetBoolean());
        Assert.False(Json((await DictAsync("delete", "d", "k")).Expect(4).Output).GetProperty("deleted").GetBoolean());
        Assert.Equal("", (await DictAsync("list", "nothing")).Expect(0).Output);
    }

    [Fact]
    public async Task Numbers_are_added_to_and_what_is_none_is_refused()
    {
        Assert.Equal("1\n", (await DictAsync("incr", "n", "k")).Expect(0).Output);
        Assert.Equal("3.5\n", (await DictAsync("incr", "n", "k", "2.5")).Expect(0).Output);
        Assert.Equal("-1\n", (await DictAsync("incr", "n", "k", "--", "-4.5")).Expect(0).Output);
        await DictAsync("set", "n", "t", "text");
        var refused = (await DictAsync("incr", "n", "t")).Expect(1);
        Assert.Contains("number", refused.Error, StringComparison.Ordinal);
        Assert.Equal("", refused.Output);
        (await DictAsync("incr", "n", "k", "much")).Expect(2);
        (await DictAsync("set", "n", "k", "1", "--ttl", "0")).Expect(2);
        (await DictAsync("set", "n", "k", "1", "--ttl", "soon")).Expect(2);
        (await DictAsync("set", "n", "k")).Expect(2);
        (await DictAsync("get", "", "k")).Expect(2);
    }

    [Fact]
    public async Task A_watch_tells_the_content_the_changes_and_ends_with_Ctrl_C()
    {
        await DictAsync("set", "w", "a", "1");
        await using var watch = CliProcess.Start("dict", "watch", "w", "--address", _address);
        var first = Json(await watch.ReadLineAsync());
        Assert.Equal(("set", "a"), (first.GetProperty("event").GetString(), first.GetProperty("key").GetString()));
        Assert.Equal("current", Json(await watch.ReadLineAsync()).GetProperty("event").GetString());
        await DictAsync("set", "w", "b", "2", "--ttl", "0.5");
        var second = Json(await watch.ReadLineAsync());
        Assert.Equal(("set", "b", 2), (second.GetProperty("event").GetString(), second.GetProperty("key").GetString(), second.GetProperty("value").GetInt32()));
        var expired = Json(await watch.ReadLineAsync());
        Assert.Equal(("deleted", "b"), (expired.GetProperty("event").GetString(), expired.GetProperty("key").GetString()));

        await using (var from = CliProcess.Start("dict", "watch", "w", "--address", _address, "--from", second.GetProperty("revision").ToString()))
        {
            Assert.Equal(second.ToString(), Json(await from.ReadLineAsync()).ToString());
            Assert.Equal(expired.ToString(), Json(await from.ReadLineAsync()).ToString());
            Signals.SendToGroup(from.Id, Signals.Terminate);
            Assert.Equal(143, await from.WaitForExitAsync());
        }

        Signals.SendToGroup(watch.Id, Signals.Interrupt);
        Assert.Equal(130, await watch.WaitForExitAsync());
        Assert.Equal("", await watch.ReadErrorAsync());
    }

    [Fact]
    public async Task A_list_may_be_larger_than_a_message()
    {
        var text = new string('x', 1_000_000);
        await using (var client = await ClusterClient.ConnectAsync(_address, cancellationToken: TestContext.Current.CancellationToken))
        {
            var large = client.Dictionary<int, string>("large");
            await Task.WhenAll(Enumerable.Range(0, 5).Select(key => large.SetAsync(key, text)));
        }

        var lines = (await DictAsync("list", "large")).Expect(0).Lines;
        Assert.Equal(Enumerable.Range(0, 5), lines.Select(line => Json(line).GetProperty("key").GetInt32()));
        Assert.All(lines, line => Assert.Equal(text.Length, Json(line).GetProperty("value").GetString()!.Length));
    }

    [Fact]
    public async Task A_watch_ends_when_the_coordinator_does()
    {
        await using var watch = CliProcess.Start("dict", "watch", "w", "--address", _address, "--reconnect-timeout", "0");
        Assert.Equal("current", Json(await watch.ReadLineAsync()).GetProperty("event").GetString());
        Signals.SendToGroup(_coordinator.Id, Signals.Terminate);

        Assert.Equal(3, await watch.WaitForExitAsync());
        Assert.Contains(_address, await watch.ReadErrorAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_goes_on_where_its_connection_broke()
    {
        await using var proxy = new TcpFaultProxy(_address);
        await using var client = await ClusterClient.ConnectAsync(_address, cancellationToken: TestContext.Current.CancellationToken);
        var entries = client.Dictionary<string, int>("w");
        await entries.SetAsync("k", 0, cancellationToken: TestContext.Current.CancellationToken);
        await using var watch = CliProcess.Start("dict", "watch", "w", "--address", proxy.Address);
        Assert.Equal(0, Json(await watch.ReadLineAsync()).GetProperty("value").GetInt32());
        Assert.Equal("current", Json(await watch.ReadLineAsync()).GetProperty("event").GetString());
        for (var i = 1; i <= 60; i++)
        {
            await entries.SetManyAsync([new("k", i), new("l", i)], cancellationToken: TestContext.Current.CancellationToken);
            if (i % 20 == 10)
            {
                proxy.Reset();
            }
        }

        for (var i = 1; i <= 60; i++)
        {
            foreach (var key in (string[])["k", "l"])
            {
                var line = Json(await watch.ReadLineAsync());
                Assert.Equal((key, i), (line.GetProperty("key").GetString(), line.GetProperty("value").GetInt32()));
            }
        }

        Assert.True(proxy.Accepted > 1, "No connection was broken.");
        Signals.SendToGroup(watch.Id, Signals.Interrupt);
        Assert.Equal(130, await watch.WaitForExitAsync());
    }

    [Fact]
    public async Task Objects_are_listed()
    {
        await DictAsync("set", "app.one", "a", "1");
        await DictAsync("set", "app.one", "b", "2");
        await DictAsync("set", "two", "a", "1");

        Assert.Contains("two", (await CliProcess.RunAsync("", "objects", "--address", _address)).Expect(0).Output, StringComparison.Ordinal);
        var line = Json(Assert.Single((await CliProcess.RunAsync("", "objects", "--json", "--all", "--prefix", "app.", "--kind", "dictionary", "--address", _address)).Expect(0).Lines));
        Assert.Equal(("app.one", "dictionary", 2, 0), (line.GetProperty("name").GetString(), line.GetProperty("kind").GetString(), line.GetProperty("count").GetInt32(), line.GetProperty("waiting").GetInt32()));
        Assert.Equal("", (await CliProcess.RunAsync("", "objects", "--json", "--kind", "rlock", "--address", _address)).Expect(0).Output);
        (await CliProcess.RunAsync("", "objects", "--kind", "teapot", "--address", _address)).Expect(2);
    }

    private static JsonElement Json(string line) => JsonSerializer.Deserialize<JsonElement>(line);

    // Options first: what follows "--" is no option.
    private Task<CliResult> DictAsync(string verb, params string[] arguments) => CliProcess.RunAsync("", ["dict", verb, "--address", _address, .. arguments]);
}
