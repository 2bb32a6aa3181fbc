using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;
using JobsClient = Cluster.Protocol.V1.Jobs.JobsClient;

namespace Cluster.Functional.AdHoc;

/// <summary>Programs, as grpcurl runs them.</summary>
public sealed class CommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_runs_for_each_item()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2, AllowCommands = true }, Token);
        using var channel = TestChannel.Open(local.Address);
        var jobs = new JobsClient(channel);

        var request = new MapRequest { Command = { "sh", "-c", "echo \"$1 $2\"; echo oops >&2; exit $2", "-", "{}", "{index}" }, Items = { Value.ForString("a b"), Value.ForNumber(7), Value.ForList(Value.ForBool(true)) } };
        var results = (await jobs.MapAsync(request, cancellationToken: Token)).Results.Select(static result => result.Value.StructValue.Fields).ToArray();
        Assert.Equal(["a b 0\n", "7 1\n", "[true] 2\n"], results.Select(static fields => fields["stdout"].StringValue));
        Assert.Equal([0.0, 1, 2], results.Select(static fields => fields["exit_code"].NumberValue));
        Assert.All(results, static fields => Assert.Equal(("oops\n", "node-1"), (fields["stderr"].StringValue, fields["node"].StringValue)));

        var piped = (await jobs.MapAsync(new MapRequest { Command = { "tr a-z A-Z | rev" }, Shell = true, Stdin = true, Items = { Value.ForString("abc") } }, cancellationToken: Token)).Results;
        Assert.Equal("CBA", piped.Single().Value.StructValue.Fields["stdout"].StringValue.Trim());

        var missing = (await jobs.MapAsync(new MapRequest { Command = { "no-such-program-here" }, Items = { Value.ForNumber(1) } }, cancellationToken: Token)).Results.Single();
        Assert.Contains("cannot start 'no-such-program-here'", missing.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_may_be_submitted_and_fetched_later()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2, AllowCommands = true }, Token);
        using var channel = TestChannel.Open(local.Address);
        var jobs = new JobsClient(channel);
        var submitted = await jobs.SubmitAsync(new MapRequest { Command = { "echo", "-n" }, Items = { Value.ForString("a"), Value.ForString("b") } }, cancellationToken: Token);
        Assert.Equal("echo", (await jobs.GetAsync(new GetJobRequest { JobId = submitted.JobId }, cancellationToken: Token)).Name);

        using var call = jobs.Results(new JobResultsRequest { JobId = submitted.JobId }, cancellationToken: Token);
        List<string> outputs = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            outputs.Add(call.ResponseStream.Current.Value.StructValue.Fields["stdout"].StringValue);
        }

        Assert.Equal(["a", "b"], outputs);
    }

    [Fact]
    public async Task Nodes_that_run_none_are_passed_over()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 }, Token);
        using var channel = TestChannel.Open(local.Address);
        var request = new MapRequest { Command = { "echo" }, Items = { Value.ForNumber(1) }, NoNodesTimeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(100)) };
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new JobsClient(channel).MapAsync(request, cancellationToken: Token));
        Assert.Contains("cluster.commands=true", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("function")]
    [InlineData("star")]
    [InlineData("empty")]
    public async Task What_makes_no_sense_is_refused_by_its_field(string what)
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 }, Token);
        using var channel = TestChannel.Open(local.Address);
        var request = new MapRequest { Command = { what == "empty" ? "" : "echo" }, Function = what == "function" ? "samples/square" : "", Star = what == "star" };
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new JobsClient(channel).MapAsync(request, cancellationToken: Token));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(what == "star" ? "`star`" : "`command`", refused.Status.Detail, StringComparison.Ordinal);
    }
}
