using System.Net;
using Cluster.Coordinator.Hosting;
using Cluster.Protocol.V1;
using Cluster.TestKit.Network;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit;
using NodesClient = Cluster.Protocol.V1.Nodes.NodesClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>The port on which a coordinator says how it is, to those who have no token.</summary>
public sealed class StatusTests : CoordinatorTest
{
    private readonly int _port = FreePort.Find();

    [Fact]
    public async Task Health_needs_no_token_there_and_nothing_else_is_served()
    {
        await using var coordinator = await StartAsync();
        var probe = new StatusProbe(_port);
        Assert.True(await probe.IsWellAsync(CoordinatorStatus.Live, Deadline));
        Assert.True(await probe.IsWellAsync(CoordinatorStatus.Ready, Deadline));

        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_port}");
        var elsewhere = await Assert.ThrowsAsync<RpcException>(() => new NodesClient(channel).ListAsync(new ListNodesRequest(), cancellationToken: Deadline).ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, elsewhere.StatusCode);
        var closed = await Assert.ThrowsAsync<RpcException>(() => new StatusProbe(new Uri(coordinator.Address).Port).IsWellAsync("", Deadline));
        Assert.Equal(StatusCode.Unauthenticated, closed.StatusCode);
    }

    [Fact]
    public async Task A_coordinator_that_stops_is_alive_and_not_ready()
    {
        await using var coordinator = await StartAsync();
        coordinator.BeginStop();
        var probe = new StatusProbe(_port);
        await probe.WaitUntilAsync(CoordinatorStatus.Ready, isWell: false, Deadline);
        Assert.True(await probe.IsWellAsync(CoordinatorStatus.Live, Deadline));
    }

    [Fact]
    public async Task A_port_that_is_taken_keeps_it_from_starting()
    {
        await using var coordinator = await StartAsync();
        await Assert.ThrowsAsync<IOException>(StartAsync);
    }

    private Task<TestCoordinator> StartAsync() =>
        TestCoordinator.StartAsync(options => options with { Token = "secret", StatusListen = new IPEndPoint(IPAddress.Loopback, _port) });
}
