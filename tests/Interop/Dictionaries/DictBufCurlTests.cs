using System.Text.Json;
using Cluster.Interop.Foreign;
using Xunit;

namespace Cluster.Interop.Dictionaries;

/// <summary>Shared dictionaries from a command line that knows nothing of them: `buf curl` with reflection.</summary>
public sealed class DictBufCurlTests : IAsyncLifetime
{
    // buf ends with eight times the status.
    private const int InvalidArgument = 8 * 3;
    private const int NotFound = 8 * 5;
    private const int FailedPrecondition = 8 * 9;

    private CoordinatorProgram? _coordinator;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        ForeignTools.Require(ForeignTools.MissingForBuf());
        _coordinator = await CoordinatorProgram.StartAsync(Token);
    }

    public ValueTask DisposeAsync() => _coordinator?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task All_methods_take_and_give_JSON()
    {
        string first = (await CallAsync("Set", """{"dict":"d","key":"k","value":{"a":[1,"two",null]}}""")).GetProperty("version").GetString()!;
        JsonElement item = await CallAsync("Get", """{"dict":"d","key":"k"}""");
        Assert.Equal("""{"a":[1,"two",null]}""", JsonSerializer.Serialize(item.GetProperty("value")));
        Assert.Equal(first, item.GetProperty("version").GetString());

        JsonElement refused = await CallAsync("CompareAndSet", """{"dict":"d","key":"k","version":"0","value":1}""");
        Assert.False(refused.TryGetProperty("done", out _));
        Assert.Equal(first, refused.GetProperty("current").GetProperty("version").GetString());
        Assert.True((await CallAsync("CompareAndSet", $$"""{"dict":"d","key":"k","version":"{{first}}","value":1}""")).GetProperty("done").GetBoolean());
        Assert.Equal(3.5, (await CallAsync("Increment", """{"dict":"d","key":"k","by":2.5}""")).GetProperty("value").GetDouble());
        await CallAsync("Set", """{"dict":"d","key":7,"value":true,"timeToLive":"3600s"}""");

        JsonElement list = (await CallAsync("List", """{"dict":"d"}""")).GetProperty("items");
        Assert.Equal(["\"k\"", "7"], list.EnumerateArray().Select(entry => entry.GetProperty("key").GetRawText()));
        Assert.True((await CallAsync("Delete", """{"dict":"d","key":7}""")).GetProperty("deleted").GetBoolean());
        Assert.Equal("1", (await CallAsync("Clear", """{"dict":"d"}""")).GetProperty("count").GetString());
    }

    [Fact]
    public async Task What_cannot_be_done_has_a_status_and_a_reason()
    {
        await RefusedAsync("Get", """{"dict":"none","key":"k"}""", NotFound, "'none' has no entry");
        await RefusedAsync("Get", """{"dict":"d"}""", InvalidArgument, "`key`");
        await RefusedAsync("Set", """{"dict":"d","key":"k"}""", InvalidArgument, "`value`");
        await RefusedAsync("Set", """{"key":"k","value":1}""", InvalidArgument, "`dict`");
        await CallAsync("Set", """{"dict":"d","key":"text","value":"12"}""");
        await RefusedAsync("Increment", """{"dict":"d","key":"text"}""", FailedPrecondition, "number");
    }

    [Fact]
    public async Task A_watch_streams()
    {
        await CallAsync("Set", """{"dict":"w","key":"a","value":1}""");
        await using ForeignProcess watch = Start("Watch", """{"dict":"w"}""");
        JsonElement first = await ReadAsync(watch);
        Assert.Equal(("a", 1), (first.GetProperty("set").GetProperty("key").GetString(), first.GetProperty("set").GetProperty("value").GetInt32()));
        Assert.True((await ReadAsync(watch)).GetProperty("current").GetBoolean());
        await CallAsync("Set", """{"dict":"w","key":"b","value":2,"timeToLive":"0.2s"}""");
        Assert.Equal("b", (await ReadAsync(watch)).GetProperty("set").GetProperty("key").GetString());
        JsonElement gone = await ReadAsync(watch);
        Assert.Equal("b", gone.GetProperty("deleted").GetString());

        await using ForeignProcess rest = Start("Watch", $$"""{"dict":"w","fromRevision":"{{gone.GetProperty("revision").GetString()}}"}""");
        Assert.Equal(gone.ToString(), (await ReadAsync(rest)).ToString());
    }

    private async Task<JsonElement> CallAsync(string method, string data)
    {
        await using ForeignProcess buf = Start(method, data);
        (int exitCode, string output, string errors) = await buf.WaitAsync(Token);
        Assert.True(exitCode == 0, errors);
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    private async Task RefusedAsync(string method, string data, int expected, string reason)
    {
        await using ForeignProcess buf = Start(method, data);
        (int exitCode, _, string errors) = await buf.WaitAsync(Token);
        Assert.Equal(expected, exitCode);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    /// <summary>The next message of a stream: buf prints each over several lines.</summary>
    private static async Task<JsonElement> ReadAsync(ForeignProcess watch)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        string text = "";
        string line;
        do
        {
            line = await watch.ReadLineAsync(deadline.Token);
            text += line;
        }
        while (line != "}");

        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private ForeignProcess Start(string method, string data) => ForeignProcess.Start(
        ForeignTools.Buf,
        ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--reflect", "--data", data, $"{_coordinator!.Address}/cluster.v1.Dict/{method}"],
        ForeignTools.ProjectDirectory);
}
