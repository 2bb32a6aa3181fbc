using System.Net;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Network;
using Externalscaler;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What the coordinator tells KEDA while jobs and nodes come and go.</summary>
public sealed class ScalerTests : CoordinatorTest
{
    private readonly int _port = FreePort.Find();

    [Fact]
    public async Task Waiting_work_asks_for_a_node_where_there_is_none_and_its_end_for_none()
    {
        await using var coordinator = await StartAsync();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_port}");
        var scaler = new ExternalScaler.ExternalScalerClient(channel);
        using var watch = scaler.StreamIsActive(Reference(), cancellationToken: Deadline);
        Assert.False(await NextAsync(watch));
        Assert.Equal(0, await NodesAsync(scaler));

        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 1), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        Assert.True(await NextAsync(watch));
        Assert.Equal(1, await NodesAsync(scaler));

        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        Assert.True((await scaler.IsActiveAsync(Reference(), cancellationToken: Deadline)).Result);
        await node.AnswerAsync(chunk.ChunkId, RawBatches.Square(chunk.Batches[0]));
        Assert.Equal(1, await NodesAsync(scaler));
        await node.EndAsync(chunk.ChunkId);
        await job.CollectAsync(Deadline);
        Assert.False(await NextAsync(watch));
        Assert.Equal(0, await NodesAsync(scaler));
    }

    [Fact]
    public async Task Measured_work_asks_for_as_many_nodes_as_do_it_in_time()
    {
        await using var coordinator = await StartAsync();
        using var metrics = new MeterRecord(coordinator.Meter);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_port}");
        var scaler = new ExternalScaler.ExternalScalerClient(channel);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.ChunkSize = 1), Deadline);
        await job.SendAsync(RawBatches.Of(0, 17));
        await job.EndAsync(17);

        // The worker says that it took ten minutes, so that each of the 16 that are left deserves a slot; a node has two.
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await node.SendAsync(new NodeMessage
        {
            ChunkResults = new ChunkResults
            {
                ChunkId = chunk.ChunkId,
                Results = new Results { Batches = { RawBatches.Square(chunk.Batches[0]) }, WorkerPid = 7, Busy = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)) },
            },
        });
        await node.EndAsync(chunk.ChunkId);
        await job.ReceiveAsync(reply => reply.Results is not null, Deadline);
        Assert.Equal(8, await NodesAsync(scaler));
        Assert.Equal(4, await NodesAsync(scaler, ("slotsPerNode", "4")));
        await metrics.WaitAsync("cluster.nodes.desired", value => value == 8, Deadline);
    }

    [Fact]
    public async Task What_cannot_be_followed_is_refused_with_the_reason()
    {
        await using var coordinator = await StartAsync();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_port}");
        var scaler = new ExternalScaler.ExternalScalerClient(channel);
        var refused = await Assert.ThrowsAsync<RpcException>(() => scaler.GetMetricSpecAsync(Reference(("targetSeconds", "soon")), cancellationToken: Deadline).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("targetSeconds is 'soon'", refused.Status.Detail, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<RpcException>(() => scaler.GetMetricsAsync(new GetMetricsRequest { MetricName = "pods" }, cancellationToken: Deadline).ResponseAsync);
        Assert.Contains("'pods'", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watchers_hear_that_the_coordinator_stops()
    {
        await using var coordinator = await StartAsync();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_port}");
        using var watch = new ExternalScaler.ExternalScalerClient(channel).StreamIsActive(Reference(), cancellationToken: Deadline);
        Assert.False(await NextAsync(watch));
        coordinator.BeginStop();
        var ended = await Assert.ThrowsAsync<RpcException>(() => NextAsync(watch));
        Assert.Equal(StatusCode.Unavailable, ended.StatusCode);
    }

    private Task<TestCoordinator> StartAsync() => TestCoordinator.StartAsync(options => options with { StatusListen = new IPEndPoint(IPAddress.Loopback, _port) });

    private async Task<long> NodesAsync(ExternalScaler.ExternalScalerClient scaler, params (string Key, string Value)[] metadata)
    {
        var reply = await scaler.GetMetricsAsync(new GetMetricsRequest { MetricName = "nodes", ScaledObjectRef = Reference(metadata) }, cancellationToken: Deadline);
        return Assert.Single(reply.MetricValues).MetricValue_;
    }

    private async Task<bool> NextAsync(AsyncServerStreamingCall<IsActiveResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(Deadline));
        return watch.ResponseStream.Current.Result;
    }

    private static ScaledObjectRef Reference(params (string Key, string Value)[] metadata)
    {
        var reference = new ScaledObjectRef { Name = "cluster-node", Namespace = "cluster" };
        foreach (var (key, value) in metadata)
        {
            reference.ScalerMetadata[key] = value;
        }

        return reference;
    }
}
