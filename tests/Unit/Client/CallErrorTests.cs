using Cluster.Client;
using Cluster.Client.Exceptions;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class CallErrorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Cancelled)]
    public void A_call_that_was_cut_off_may_be_tried_again(StatusCode status)
    {
        var error = Assert.IsType<ClusterUnavailableException>(CallErrors.Explain(new RpcException(new Status(status, "going down.")), "http://a"));

        Assert.True(error.IsTransient);
        Assert.Contains("going down.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_coordinator_that_has_no_room_may_have_some_later()
    {
        var error = CallErrors.Explain(new RpcException(new Status(StatusCode.ResourceExhausted, "Too many jobs.")), "http://a");

        Assert.True(error.IsTransient);
        Assert.Contains("refused the call: Too many jobs.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_so_the_next_time_too()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var options = new MapOptions { Name = new string('x', 5 << 20) };

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.MapAsync(Sample.Square, new[] { 1 }, options, Token).Within());

        Assert.False(error.IsTransient);
        Assert.Contains("is too large. Sending message exceeds", error.Message, StringComparison.Ordinal);
    }
}
