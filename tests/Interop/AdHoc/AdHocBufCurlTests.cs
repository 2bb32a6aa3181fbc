using System.Text.Json;
using Cluster.Interop.Foreign;
using Xunit;

namespace Cluster.Interop.AdHoc;

/// <summary>Functions by name from a command line that knows nothing of them: `buf curl` with reflection.</summary>
public sealed class AdHocBufCurlTests : IAsyncLifetime
{
    // buf ends with eight times the status.
    private const int InvalidArgument = 8 * 3;
    private const int NotFound = 8 * 5;

    private PushedCluster? _cluster;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        ForeignTools.Require(ForeignTools.MissingForBuf());
        _cluster = await PushedCluster.StartAsync(Token);
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_lambda_as_text_works_word_for_word()
    {
        var (exitCode, output, errors) = await CallAsync("Jobs/Map", """{"csharp":"(int x) => x * x","items":[1,2,3]}""");
        Assert.True(exitCode == 0, errors);
        Assert.Equal("""{"results":[{"value":1},{"value":4},{"value":9}]}""", JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(output)));
    }

    [Fact]
    public async Task Functions_are_listed_with_what_they_take()
    {
        var (_, output, _) = await CallAsync("Functions/List", """{"set":"samples"}""");
        var power = JsonSerializer.Deserialize<JsonElement>(output).GetProperty("sets")[0].GetProperty("functions").EnumerateArray().Single(function => function.GetProperty("name").GetString() == "samples/power");
        Assert.Equal(["x double", "exponent int"], power.GetProperty("parameters").EnumerateArray().Select(parameter => $"{parameter.GetProperty("name")} {parameter.GetProperty("type")}"));
        Assert.Equal("Raises a number to a power.", power.GetProperty("description").GetString());
    }

    [Fact]
    public async Task A_stream_has_a_message_for_each_item()
    {
        var (exitCode, output, errors) = await CallAsync("Jobs/IMap", """{"function":"samples/power","star":true,"ordered":true,"items":[[2,1],[2,2],[2,"x"]],"timeout":"10s","retry":{"maxAttempts":2}}""");
        Assert.True(exitCode == 0, errors);
        var compact = string.Concat(output.Split('\n', StringSplitOptions.TrimEntries));
        Assert.StartsWith("""{"index": "0","value": 2}{"index": "1","value": 4}{"index": "2","error": {"kind": "ERROR_KIND_ARGUMENT",""", compact, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_submitted_watched_and_fetched()
    {
        var (_, submitted, _) = await CallAsync("Jobs/Submit", """{"function":"samples/square","items":[1,2,3],"requestId":"nightly"}""");
        var id = JsonSerializer.Deserialize<JsonElement>(submitted).GetProperty("jobId").GetString();
        var (_, results, _) = await CallAsync("Jobs/Results", $$"""{"jobId":"{{id}}"}""");
        Assert.Equal("""{"index": "0","value": 1}{"index": "1","value": 4}{"index": "2","value": 9}""", string.Concat(results.Split('\n', StringSplitOptions.TrimEntries)));
        var (_, watched, _) = await CallAsync("Jobs/Watch", $$"""{"jobId":"{{id}}"}""");
        Assert.Contains("\"state\": \"JOB_STATUS_DONE\"", watched, StringComparison.Ordinal);
        var (_, listed, _) = await CallAsync("Jobs/List", "{}");
        Assert.Equal(id, JsonSerializer.Deserialize<JsonElement>(listed).GetProperty("jobs")[0].GetProperty("jobId").GetString());
        var (exitCode, _, errors) = await CallAsync("Jobs/Cancel", """{"jobId":"dnone"}""");
        Assert.Equal((NotFound, true), (exitCode, errors.Contains("There is no job 'dnone'", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"function":"samples/sqare","items":[1]}""", NotFound, "Did you mean samples/share or samples/square?", "google.rpc.ResourceInfo")]
    [InlineData("""{"function":"samples/power","items":[1]}""", InvalidArgument, "samples/power(double x, int exponent) takes 2 arguments", "google.rpc.BadRequest")]
    [InlineData("""{"csharp":"(int x) =>\n    x * y","items":[1]}""", InvalidArgument, "line 2, column 9: CS0103: The name 'y' does not exist", "google.rpc.BadRequest")]
    public async Task What_makes_no_sense_has_a_status_a_reason_and_details(string request, int expected, string reason, string detail)
    {
        var (exitCode, _, errors) = await CallAsync("Jobs/Map", request);
        Assert.Equal(expected, exitCode);
        var error = JsonSerializer.Deserialize<JsonElement>(errors);
        Assert.Contains(reason, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(detail, error.GetProperty("details")[0].GetProperty("type").GetString());
    }

    private async Task<(int ExitCode, string Output, string Errors)> CallAsync(string method, string data)
    {
        await using var buf = ForeignProcess.Start(
            ForeignTools.Buf,
            ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--reflect", "--data", data, $"{_cluster!.Address}/cluster.v1.{method}"],
            ForeignTools.ProjectDirectory);
        return await buf.WaitAsync(Token);
    }
}
