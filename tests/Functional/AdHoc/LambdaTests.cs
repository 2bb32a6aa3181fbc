using Cluster.Client;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Cluster.Functional.AdHoc;

/// <summary>Lambdas as text, as grpcurl sends them, in real processes.</summary>
public sealed class LambdaTests(PeopleCluster cluster) : IClassFixture<PeopleCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("(int x) => x * x", "[1, 2, 3]", "[1, 4, 9]")]
    [InlineData("(int x) => { var y = x + 1; return y * y; }", "[1, 2]", "[4, 9]")]
    [InlineData("async (double x) => { await Task.Delay(TimeSpan.FromMilliseconds(x)); return x; }", "[1, 20]", "[1, 20]")]
    [InlineData("async (int x) => { await Task.Yield(); }", "[1]", "[null]")]
    [InlineData("(string s) => { Console.WriteLine(s); }", "[\"a\"]", "[null]")]
    [InlineData("() => 42", "[null, null]", "[42, 42]")]
    [InlineData("(string s) => new { s.Length, Upper = s.ToUpperInvariant() }", "[\"ab\"]", "[{ \"Length\": 2, \"Upper\": \"AB\" }]")]
    [InlineData("record Point(int X, int Y); (Point p) => new Point(p.Y, p.X)", "[{ \"X\": 1, \"Y\": 2 }]", "[{ \"X\": 2, \"Y\": 1 }]")]
    [InlineData("(int[] all) => (all.Min(), all.Max())", "[[3, 1, 2]]", "[[1, 3]]")]
    [InlineData("(List<string> all) => all.ToDictionary(s => s, s => s.Length)", "[[\"a\", \"bc\"]]", "[{ \"a\": 1, \"bc\": 2 }]")]
    [InlineData("(Dictionary<string, double> d) => d.Values.Sum()", "[{ \"a\": 1.5, \"b\": 2 }]", "[3.5]")]
    [InlineData("(JsonElement any) => any.ValueKind.ToString()", "[{}, \"a\", null]", "[\"Object\", \"String\", \"Null\"]")]
    [InlineData("(int x) => new HashSet<int> { x, x }.Count + Regex.Match(\"a7\", @\"\\d\").Value + Encoding.UTF8.GetByteCount(\"é\") + BigInteger.Pow(2, 10)", "[1]", "[\"1721024\"]")]
    [InlineData("(string path) => Path.GetFileName(path) + CultureInfo.InvariantCulture.Name + JsonSerializer.Serialize(new[] { 1 })", "[\"/a/b\"]", "[\"b[1]\"]")]
    public async Task A_lambda_runs_for_each_item(string text, string items, string expected) =>
        Assert.Equal(Parse(expected), (await MapAsync(text, Parse(items))).Select(static result => result.Error is null ? result.Value : throw new InvalidOperationException(result.Error.Message)));

    [Fact]
    public async Task Items_are_spread_over_several_parameters()
    {
        var request = new MapRequest { Csharp = "(string text, int times, CancellationToken cancel) => string.Concat(Enumerable.Repeat(text, times))", Star = true, Items = { Parse("[[\"ab\", 2]]") } };
        Assert.Equal("abab", (await cluster.Jobs.MapAsync(request, cancellationToken: Token)).Results.Single().Value.StringValue);
        request.Star = false;
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await cluster.Jobs.MapAsync(request, cancellationToken: Token));
        Assert.Equal("csharp(string text, int times) takes 2 arguments, and each item is one. Set `star`, and write each item as a list: [text, times].", refused.Status.Detail);
    }

    [Fact]
    public async Task It_runs_in_a_worker_and_reaches_what_tasks_share()
    {
        var pids = await MapAsync("(int x) => Environment.ProcessId", Parse("[1]"));
        Assert.NotEqual(Environment.ProcessId, (int)pids.Single().Value.NumberValue);
        await MapAsync("async (int x) => { await TaskContext.Current.Cluster.Dictionary<string, int>(\"sums\").IncrementAsync(\"all\", x); }", Parse("[1, 2, 3, 4]"));
        Assert.Equal(10, await cluster.Client.Dictionary<string, int>("sums").GetAsync("all", Token));
    }

    [Fact]
    public async Task An_item_that_fails_says_on_which_line_of_the_text()
    {
        var results = await MapAsync("(int x) =>\n{\n    var y = x - 1;\n    return y == 0 ? throw new InvalidDataException(\"none\") : 10 / y;\n}", Parse("[1, 2, \"x\"]"));
        Assert.Equal((ErrorKind.User, "System.IO.InvalidDataException"), (results[0].Error.Kind, results[0].Error.Type));
        Assert.Contains("in csharp:line 4", results[0].Error.Stack, StringComparison.Ordinal);
        Assert.Equal(10, results[1].Value.NumberValue);
        Assert.Equal(ErrorKind.Argument, results[2].Error.Kind);
        Assert.StartsWith("csharp(int x): ", results[2].Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_compile_says_where_in_the_text()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => MapAsync("(int x) =>\n    x * y", Parse("[1]")));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("`csharp` does not compile: line 2, column 9: CS0103: The name 'y' does not exist in the current context", refused.Status.Detail);
        Assert.NotNull(refused.Trailers.GetValueBytes("grpc-status-details-bin"));
    }

    [Theory]
    [InlineData("function")]
    [InlineData("command")]
    public async Task It_takes_the_place_of_the_others(string other)
    {
        var request = new MapRequest { Csharp = "(int x) => x", Function = other == "function" ? "samples/square" : "" };
        request.Command.Add(other == "command" ? ["echo"] : []);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await cluster.Jobs.MapAsync(request, cancellationToken: Token));
        Assert.Equal((StatusCode.InvalidArgument, $"The request has both `csharp` and `{other}`. Leave one of them out."), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task A_text_that_takes_the_compiler_too_long_is_given_up_and_others_go_on_meanwhile()
    {
        var bomb = "static class C { public static int M(Func<int, int> f) => 1; public static int M(Func<string, int> f) => 1; public static int M(Func<long, int> f) => 1; } (int x) => "
            + $"{string.Concat(Enumerable.Range(0, 12).Select(static i => $"C.M(a{i} => "))}a0.Nope{new string(')', 12)}";

        // Both compilers are there: on a busy machine, starting one alone may take as long as the text is given.
        await Task.WhenAll(MapAsync("(int x) => x + 4", Parse("[1]")), MapAsync("(int x) => x + 5", Parse("[1]")));
        var slow = MapAsync(bomb, Parse("[1]"));
        Assert.Equal(7, (await MapAsync("(int x) => x + 6", Parse("[1]"))).Single().Value.NumberValue);
        Assert.False(slow.IsCompleted);
        var refused = await Assert.ThrowsAsync<RpcException>(() => slow);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith("`csharp` was not compiled. It took more than 10 s.", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_at_the_same_time_share_one_text()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => MapAsync("(int x) => x * 1000", Parse($"[{i}]"))));
        Assert.Equal(Enumerable.Range(0, 16).Select(static i => i * 1000.0), all.Select(static results => results.Single().Value.NumberValue));
    }

    [Fact]
    public async Task Results_stream_and_jobs_are_submitted()
    {
        using var call = cluster.Jobs.IMap(new MapRequest { Csharp = "(int x) => x + 1", Ordered = true, Items = { Parse("[1, 2]") } }, cancellationToken: Token);
        Assert.Equal([2, 3], await ReadAsync(call));

        var submitted = await cluster.Jobs.SubmitAsync(new MapRequest { Csharp = "(int x) =>\n    x + 2", Items = { Parse("[1, 2]") } }, cancellationToken: Token);
        using var results = cluster.Jobs.Results(new JobResultsRequest { JobId = submitted.JobId }, cancellationToken: Token);
        Assert.Equal([3, 4], await ReadAsync(results));
        var job = await cluster.Jobs.GetAsync(new GetJobRequest { JobId = submitted.JobId }, cancellationToken: Token);
        Assert.Equal("(int x) => x + 2", job.Function);
        Assert.StartsWith("csharp-", job.Name, StringComparison.Ordinal);
    }

    private static async Task<List<double>> ReadAsync(AsyncServerStreamingCall<ItemResult> call)
    {
        List<double> values = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            values.Add(call.ResponseStream.Current.Value.NumberValue);
        }

        return values;
    }

    private static Value[] Parse(string json) => [.. Value.Parser.ParseJson(json).ListValue.Values];

    private async Task<IReadOnlyList<ItemResult>> MapAsync(string text, Value[] items) =>
        (await cluster.Jobs.MapAsync(new MapRequest { Csharp = text, Items = { items } }, cancellationToken: Token)).Results;
}
