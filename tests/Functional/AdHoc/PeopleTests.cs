using System.Diagnostics;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Cluster.Functional.AdHoc;

/// <summary>Functions by name, as grpcurl calls them, in real processes.</summary>
public sealed class PeopleTests(PeopleCluster cluster) : IClassFixture<PeopleCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_are_in_the_order_of_the_items()
    {
        Assert.Equal(new double[] { 1, 4, 9 }, await NumbersAsync(PeopleCluster.Request("samples/square", 1, 2, 3)));
        Assert.Empty(await NumbersAsync(PeopleCluster.Request("samples/square")));
        var many = Enumerable.Range(0, 50_000).Select(i => (double)(i % 1000)).ToArray();
        Assert.Equal(many.Select(item => item * item), await NumbersAsync(PeopleCluster.Request("samples/square", many)));
    }

    [Fact]
    public async Task A_failing_item_fails_in_its_place()
    {
        var request = PeopleCluster.Request("samples/share", [Value.ForNumber(5), Value.ForNumber(0), Value.ForString("x")]);
        var results = (await cluster.Jobs.MapAsync(request, cancellationToken: Token)).Results;
        Assert.Equal(20, results[0].Value.NumberValue);
        Assert.Equal((ErrorKind.User, "System.DivideByZeroException", "node-1", 1U), (results[1].Error.Kind, results[1].Error.Type, results[1].Error.Node, results[1].Error.Attempt));
        Assert.Contains("Numbers.Share", results[1].Error.Stack, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Argument, results[2].Error.Kind);
        Assert.StartsWith("samples/share(int x): ", results[2].Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_are_spread_over_parameters_and_results_have_any_shape()
    {
        var power = PeopleCluster.Request("samples/power", [Value.ForList(Value.ForNumber(2), Value.ForNumber(10))]);
        power.Star = true;
        Assert.Equal(new double[] { 1024 }, await NumbersAsync(power));
        var words = (await cluster.Jobs.MapAsync(PeopleCluster.Request("samples/words", [Value.ForString("to be or not to be")]), cancellationToken: Token)).Results[0].Value.StructValue;
        Assert.Equal((6.0, 2.0), (words.Fields["Total"].NumberValue, words.Fields["ByWord"].StructValue.Fields["be"].NumberValue));
        var where = await cluster.Jobs.MapAsync(PeopleCluster.Request("samples/WhereAmI", [Value.ForNull()]), cancellationToken: Token);
        Assert.Contains(Environment.MachineName, where.Results[0].Value.StringValue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_tells_what_is_done_first()
    {
        var request = PeopleCluster.Request("samples/wait", 1, 0.01, 0.02);
        request.ChunkSize = 1;
        Assert.Equal([1UL, 2, 0], (await StreamAsync(request)).Select(result => result.Index));
        request.Ordered = true;
        Assert.Equal([1, 0.01, 0.02], (await StreamAsync(request)).Select(result => result.Value.NumberValue));
    }

    [Fact]
    public async Task An_item_whose_time_is_up_fails_alone_and_is_tried_again_where_that_is_wanted()
    {
        var request = PeopleCluster.Request("samples/wait", 0.01, 30);
        request.Timeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(200));
        request.Retry = new RetryPolicy { MaxAttempts = 2 };
        var results = (await cluster.Jobs.MapAsync(request, cancellationToken: Token)).Results;
        Assert.Equal(0.01, results[0].Value.NumberValue);
        Assert.Equal((ErrorKind.Timeout, 2U), (results[1].Error.Kind, results[1].Error.Attempt));
    }

    [Fact]
    public async Task A_first_failure_stops_the_rest_where_that_is_wanted()
    {
        var request = PeopleCluster.Request("samples/share", [Value.ForNumber(0), .. Enumerable.Repeat(Value.ForString("x"), 50)]);
        request.OnError = OnError.Stop;
        request.ChunkSize = 1;
        var kinds = (await cluster.Jobs.MapAsync(request, cancellationToken: Token)).Results.Select(result => result.Error.Kind).ToArray();
        Assert.Equal(51, kinds.Length);
        Assert.Contains(ErrorKind.Cancelled, kinds);
        Assert.Contains(kinds, kind => kind != ErrorKind.Cancelled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_the_call_frees_its_slots_within_a_second(bool byDeadline)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        DateTime? deadline = byDeadline ? TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(500) : null;
        var call = cluster.Jobs.MapAsync(PeopleCluster.Request("samples/wait", 60, 60), deadline: deadline, cancellationToken: cancel.Token);
        await cluster.Client.WaitForChunksAsync(2);
        if (!byDeadline)
        {
            await cancel.CancelAsync();
        }

        var ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(byDeadline ? StatusCode.DeadlineExceeded : StatusCode.Cancelled, ended.StatusCode);
        var since = Stopwatch.StartNew();
        Assert.Equal(new double[] { 1 }, await NumbersAsync(PeopleCluster.Request("samples/square", 1)));
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_job()
    {
        using (var call = cluster.Jobs.IMap(PeopleCluster.Request("samples/wait", 0.01, 60, 60), cancellationToken: Token))
        {
            Assert.True(await call.ResponseStream.MoveNext(Token));
        }

        await cluster.Client.WaitForChunksAsync(0);
    }

    [Theory]
    [InlineData("samples/sqare", StatusCode.NotFound, "Did you mean samples/share or samples/square?")]
    [InlineData("samples@ffff/square", StatusCode.NotFound, "no version 'ffff'")]
    [InlineData("", StatusCode.InvalidArgument, "`function`")]
    [InlineData("samples/power", StatusCode.InvalidArgument, "samples/power(double x, int exponent) takes 2 arguments, and each item is one. Set `star`")]
    public async Task A_call_that_makes_no_sense_says_why(string function, StatusCode expected, string reason)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await cluster.Jobs.MapAsync(PeopleCluster.Request(function, 1), cancellationToken: Token));
        Assert.Equal(expected, refusal.StatusCode);
        Assert.Contains(reason, refusal.Status.Detail, StringComparison.Ordinal);
        Assert.NotNull(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
    }

    [Fact]
    public async Task Labels_that_no_node_has_end_the_call()
    {
        var request = PeopleCluster.Request("samples/square", 1);
        request.Requires.Add("gpu", "yes");
        request.NoNodesTimeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(100));
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await cluster.Jobs.MapAsync(request, cancellationToken: Token));
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        Assert.Contains("gpu=yes", refusal.Status.Detail, StringComparison.Ordinal);
    }

    private async Task<double[]> NumbersAsync(MapRequest request) =>
        [.. (await cluster.Jobs.MapAsync(request, cancellationToken: Token)).Results.Select(result => result.Value.NumberValue)];

    private async Task<List<ItemResult>> StreamAsync(MapRequest request)
    {
        using var call = cluster.Jobs.IMap(request, cancellationToken: Token);
        List<ItemResult> results = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            results.Add(call.ResponseStream.Current);
        }

        return results;
    }
}
