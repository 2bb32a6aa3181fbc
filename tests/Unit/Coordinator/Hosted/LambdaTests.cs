using Cluster.Coordinator.Lambdas;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Grpc.Core;
using Xunit;
using FunctionsClient = Cluster.Protocol.V1.Functions.FunctionsClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>The coordinator compiles lambdas once, stores them as code, and bounds what they cost.</summary>
public sealed class LambdaTests : CoordinatorTest
{
    [Fact]
    public async Task Many_callers_of_one_text_are_one_compilation()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var metrics = new MeterRecord(coordinator.Meter);
        using var channel = TestChannel.Open(coordinator.Address);
        var functions = new FunctionsClient(channel);
        var request = new CompileLambdaRequest { Csharp = "(int x) => x * x" };
        var replies = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => functions.CompileAsync(request, cancellationToken: Deadline).ResponseAsync));
        Assert.Single(replies.Distinct());
        Assert.Equal(replies[0], await functions.CompileAsync(request, cancellationToken: Deadline));
        Assert.Equal((1, 0), (metrics["cluster.lambdas.compiled"], metrics["cluster.lambdas.failed"]));
        Assert.InRange(metrics["cluster.lambdas.reused"], 1, 32);

        // It is code like any other.
        var file = Assert.Single(replies[0].Function.Code.Files);
        Assert.Empty((await functions.MissingAsync(new MissingRequest { Files = { file } }, cancellationToken: Deadline)).Files);
        using var download = functions.Download(new DownloadRequest { Sha256 = file.Sha256 }, cancellationToken: Deadline);
        Assert.True(await download.ResponseStream.MoveNext(Deadline));
        Assert.Equal(file.Size, download.ResponseStream.Current.File.Size);
    }

    [Fact]
    public async Task Problems_are_remembered_and_are_in_words_and_fields()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var metrics = new MeterRecord(coordinator.Meter);
        for (var time = 0; time < 2; time++)
        {
            var refused = await RefusedAsync(coordinator, "(int x) =>\n    x + y + z");
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.Equal(
                "`csharp` does not compile:\nline 2, column 9: CS0103: The name 'y' does not exist in the current context\nline 2, column 13: CS0103: The name 'z' does not exist in the current context",
                refused.Status.Detail);
            var details = Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin")).Details.Single().Unpack<Google.Rpc.BadRequest>();
            Assert.Equal(
                [("csharp", "line 2, column 9: CS0103: The name 'y' does not exist in the current context"), ("csharp", "line 2, column 13: CS0103: The name 'z' does not exist in the current context")],
                details.FieldViolations.Select(static violation => (violation.Field, violation.Description)));
        }

        Assert.Equal((0, 1, 1), (metrics["cluster.lambdas.compiled"], metrics["cluster.lambdas.failed"], metrics["cluster.lambdas.reused"]));
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_not_compiled()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        var refused = await RefusedAsync(coordinator, $"(int x) => x /*{new string('x', 70_000)}*/");
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("70017 bytes; 65536 are taken at most", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_that_nobody_uses_make_room_for_others()
    {
        await using var coordinator = await TestCoordinator.StartAsync(static options => options with { Lambdas = new LambdaOptions { MaxRemembered = 1, RememberAtLeast = TimeSpan.Zero } });
        using var channel = TestChannel.Open(coordinator.Address);
        var functions = new FunctionsClient(channel);
        var first = await functions.CompileAsync(new CompileLambdaRequest { Csharp = "(int x) => 1" }, cancellationToken: Deadline);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using (var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.Function = first.Function), Deadline))
        {
            await CompileOthersAsync(functions);
            Assert.Empty((await functions.MissingAsync(new MissingRequest { Files = { first.Function.Code.Files } }, cancellationToken: Deadline)).Files);
            await job.EndAsync(0);
            await job.CollectAsync(Deadline);
        }

        // The call may end a little after the client has heard of the job's end.
        while ((await functions.MissingAsync(new MissingRequest { Files = { first.Function.Code.Files } }, cancellationToken: Deadline)).Files.Count == 0)
        {
            await CompileOthersAsync(functions);
        }

        Assert.Equal(first, await functions.CompileAsync(new CompileLambdaRequest { Csharp = "(int x) => 1" }, cancellationToken: Deadline));
    }

    [Fact]
    public async Task There_is_a_bound_for_all_of_them()
    {
        await using var coordinator = await TestCoordinator.StartAsync(static options => options with { Lambdas = new LambdaOptions { MaxStoredBytes = 20_000 } });
        using var channel = TestChannel.Open(coordinator.Address);
        await CompileOthersAsync(new FunctionsClient(channel));
        var refused = await RefusedAsync(coordinator, "(int x) => 99");
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Contains("store of compiled lambdas", refused.Status.Detail, StringComparison.Ordinal);
    }

    private async Task CompileOthersAsync(FunctionsClient functions)
    {
        for (var i = 2; i <= 3; i++)
        {
            await functions.CompileAsync(new CompileLambdaRequest { Csharp = $"(int x) => {i}" }, cancellationToken: Deadline);
        }
    }

    private async Task<RpcException> RefusedAsync(TestCoordinator coordinator, string text)
    {
        using var channel = TestChannel.Open(coordinator.Address);
        return await Assert.ThrowsAsync<RpcException>(async () => await new FunctionsClient(channel).CompileAsync(new CompileLambdaRequest { Csharp = text }, cancellationToken: Deadline));
    }
}
