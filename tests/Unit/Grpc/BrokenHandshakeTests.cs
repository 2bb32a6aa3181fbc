using Cluster.Protocol.V1;
using Cluster.TestKit.Network;
using Grpc.Core;
using Grpc.Transport;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class BrokenHandshakeTests
{
    /// <summary>As a load balancer does that has nobody behind it: the call may be tried again.</summary>
    [Fact]
    public async Task A_connection_that_is_reset_before_a_word_says_nothing_about_what_listens()
    {
        await using var proxy = new TcpFaultProxy("http://127.0.0.1:1");
        proxy.Cut();
        using var channel = GrpcEndpoint.Parse(proxy.Address).CreateChannel();
        using var call = new Nodes.NodesClient(channel).ListAsync(new ListNodesRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }
}
