using System.Net;
using System.Net.Sockets;
using Cluster.Interop.Server;
using Cluster.TestKit.Network;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace Cluster.Interop.Transport;

public sealed class LifecycleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_channel_finds_a_server_that_restarts()
    {
        int port = FreePort.Find();
        using GrpcChannel channel = GrpcEndpoint.Parse($"http://127.0.0.1:{port}").CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        for (int round = 0; round < 8; round++)
        {
            await using (InteropServer server = await InteropServer.StartAsync(builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port))))
            {
                await client.EmptyCallAsync(new Empty(), cancellationToken: Token);
            }

            RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await client.EmptyCallAsync(new Empty(), cancellationToken: Token));
            Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        }
    }

    [Fact]
    public async Task A_server_that_stops_lets_calls_in_progress_end()
    {
        var entered = new Signal();
        var release = new Signal();
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Unary = async (_, _) =>
            {
                entered.Set();
                await release.WaitAsync();
                return new SimpleResponse { Username = "finished" };
            },
        });
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        AsyncUnaryCall<SimpleResponse> call = new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), cancellationToken: Token);
        await entered.WaitAsync();
        Task stopping = server.StopAsync(Token);
        Assert.False(stopping.IsCompleted);
        release.Set();
        Assert.Equal("finished", (await call).Username);
        await stopping;
    }

    [Fact]
    public async Task Health_is_watched_until_the_server_stops()
    {
        var health = HealthCheckResult.Healthy();
        await using InteropServer server = await InteropServer.StartAsync(
            builder => builder.Services.AddGrpcHealthChecks().AddCheck("test", () => health),
            app => app.MapGrpcHealthChecksService());
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        var client = new Health.HealthClient(channel);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = client.Watch(new HealthCheckRequest(), cancellationToken: Token);
        Assert.True(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);
        using AsyncServerStreamingCall<HealthCheckResponse> unknown = client.Watch(new HealthCheckRequest { Service = "unheard-of" }, cancellationToken: Token);
        Assert.True(await unknown.ResponseStream.MoveNext(Token));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.ServiceUnknown, unknown.ResponseStream.Current.Status);

        health = HealthCheckResult.Unhealthy();
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await client.CheckAsync(new HealthCheckRequest(), cancellationToken: Token)).Status);

        Task stopping = server.StopAsync(Token);
        Assert.True(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext(Token));
        Assert.True(await unknown.ResponseStream.MoveNext(Token));
        Assert.False(await unknown.ResponseStream.MoveNext(Token));
        await stopping;
    }

    [Fact]
    public async Task A_peer_that_falls_silent_is_noticed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task silent = StaySilentAsync(listener);
        SocketsHttpHandler handler = GrpcEndpoint.Parse($"http://{listener.LocalEndpoint}").CreateHandler();
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{listener.LocalEndpoint}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: Token));
        Assert.True(e.StatusCode == StatusCode.Unavailable, e.ToString());
        await silent;
    }

    [Fact]
    public async Task Disposing_a_channel_ends_its_calls()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Token);
        Task<bool> read = call.ResponseStream.MoveNext(Token);
        channel.Dispose();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => read)).StatusCode);
        Assert.Throws<ObjectDisposedException>(channel.CreateCallInvoker);
    }

    // Says the hello of HTTP/2, and nothing more until the client hangs up.
    private static async Task StaySilentAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Token);
        await client.GetStream().WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }, Token);
        byte[] buffer = new byte[4096];
        try
        {
            while (await client.GetStream().ReadAsync(buffer, Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is hanging up as well.
        }
    }
}
