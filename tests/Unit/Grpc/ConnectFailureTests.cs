using System.Net;
using System.Net.Sockets;
using Cluster.TestKit;
using Cluster.TestKit.Network;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Calls;
using Grpc.Transport;
using Xunit;

namespace Cluster.Unit.Wire;

/// <summary>Servers that cannot be reached, which is not the same as servers that do not answer.</summary>
public sealed class ConnectFailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_does_not_come_about_in_time_is_no_cancellation()
    {
        using FullListener listener = await FullListener.StartAsync();
        using var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(250) };
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{listener.Port}", new GrpcChannelOptions { HttpHandler = handler });
        var method = new Method<string, string>(MethodType.Unary, "a", "b", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            () => channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Token), "").ResponseAsync.Within());

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("could not be reached within 0.25 s", failure.Status.Detail, StringComparison.Ordinal);
        Assert.NotNull(ConnectFailure.FindCause<TimeoutException>(failure));
    }

    [Fact]
    public async Task A_listener_that_hangs_up_without_a_word_may_be_a_proxy_whose_server_is_not_there()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task hangingUp = HangUpAsync(listener);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{listener.LocalEndpoint}");
        var method = new Method<string, string>(MethodType.Unary, "a", "b", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            () => channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Token), "").ResponseAsync.Within());

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        await hangingUp;
    }

    [Fact]
    public void Other_cancellations_stay_what_they_are()
    {
        Assert.Equal(StatusCode.Cancelled, CallFailure.ToStatus(new OperationCanceledException(), new Uri("http://a"), null).StatusCode);
        Assert.Equal(
            StatusCode.Unavailable, CallFailure.ToStatus(new TaskCanceledException("late", new TimeoutException("too late")), new Uri("http://a"), null).StatusCode);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_host_behind_a_firewall_is_no_silent_listener(string scheme)
    {
        using FullListener listener = await FullListener.StartAsync();
        var givenUp = new RpcException(new Status(StatusCode.Cancelled, "Call canceled by the client.", new OperationCanceledException()));

        ConnectFailure failure = await ConnectFailure.DiagnoseAsync(
            GrpcEndpoint.Parse($"{scheme}://127.0.0.1:{listener.Port}"), givenUp, TimeProvider.System, Token).Within();

        Assert.Equal(ConnectProblem.NothingListens, failure.Problem);
        Assert.Contains("nothing answers attempts to connect", failure.Reason, StringComparison.Ordinal);
    }

    private static async Task HangUpAsync(TcpListener listener)
    {
        using Socket client = await listener.AcceptSocketAsync(Token);
        byte[] received = new byte[4096];
        await client.ReceiveAsync(received, Token);
        client.Shutdown(SocketShutdown.Send);
        while (await client.ReceiveAsync(received, Token) > 0)
        {
        }
    }
}
