using Cluster.Client;
using Cluster.Client.Functions;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class CodeUploadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Code_travels_once_however_many_jobs_use_it()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        await using var other = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => cluster.MapAsync(Sample.Square, new[] { 1 }, cancellationToken: Token))).Within();
        await other.MapAsync(Sample.Square, new[] { 1 }, cancellationToken: Token).Within();

        var uploaded = coordinator.Uploaded.Select(file => file.Name).ToArray();
        Assert.Contains("Cluster.Unit.Tests", uploaded);
        Assert.Equal(uploaded.Distinct(), uploaded);
    }

    [Fact]
    public async Task A_coordinator_that_has_lost_the_code_gets_it_again()
    {
        FakeCoordinator? running = null;
        await using var coordinator = await FakeCoordinator.StartAsync(job => running!.Has(job.Spec.Function.Code)
            ? FakeScripts.EchoAsync(job)
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, "The coordinator does not have this code.")));
        running = coordinator;
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        await cluster.MapAsync(Sample.Square, new[] { 1 }, cancellationToken: Token).Within();

        coordinator.ForgetCode();
        var results = await cluster.MapAsync(Sample.Square, new[] { 2 }, cancellationToken: Token).Within();

        Assert.Equal([2], results);
        Assert.Equal(2, coordinator.Uploaded.Count(file => file.Name == "Cluster.Unit.Tests"));
    }

    [Fact]
    public async Task A_refusal_that_more_code_does_not_cure_is_reported()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(
            _ => throw new RpcException(new Status(StatusCode.FailedPrecondition, "Not on a Sunday.")));
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var refused = await Assert.ThrowsAsync<ClusterException>(() => cluster.MapAsync(Sample.Square, new[] { 1 }, cancellationToken: Token).Within());

        Assert.Contains("Not on a Sunday.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_named()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var gone = new LocalCodeFile(new CodeFile { Name = "Acme", Sha256 = ByteString.CopyFrom(new byte[32]), Size = 1 }, "/no/such/Acme.dll");
        var request = new JobRequest { Spec = new JobSpec(), Code = [gone] };
        var results = new NoResults(throwFirst: true);

        new JobStream(cluster.Connection, request, new QueuedInputs<int>(ItemCodec.For<int>()), results, new JobFlow(new WindowLimits())).Start();
        var failure = await Assert.ThrowsAsync<ClusterException>(() => results.Completion.Within());

        Assert.False(failure.IsTransient);
        Assert.Contains("/no/such/Acme.dll", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_travel_fails_at_the_call()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        using var stream = new MemoryStream();

        var refused = Assert.Throws<FunctionNotShippableException>(() => { _ = cluster.MapAsync(x => x + stream.Length, new[] { 1 }, cancellationToken: Token); });
        Assert.Throws<FunctionNotShippableException>(() => { _ = cluster.IMapAsync(x => x + stream.Length, [1], cancellationToken: Token); });
        Assert.Throws<FunctionNotShippableException>(() => { _ = cluster.Submit(() => stream.Length, cancellationToken: Token); });

        Assert.Contains("stream", refused.Message, StringComparison.Ordinal);
    }
}
