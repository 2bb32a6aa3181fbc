using Cluster.Interop.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Cluster.Interop.Transport;

/// <summary>Middleware that refuses calls, as authentication does.</summary>
public sealed class RejectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Middleware_ends_calls_of_every_kind_with_a_status()
    {
        await using InteropServer server = await InteropServer.StartAsync(map: app =>
        {
            app.Use((context, next) => context.Request.Headers.Authorization == "Bearer right"
                ? next(context)
                : context.RejectCallAsync(new Status(StatusCode.Unauthenticated, "no tøken")));
            app.MapGrpcService<InteropService>();
        });
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await client.EmptyCallAsync(new Empty(), cancellationToken: Token));
        Assert.Equal((StatusCode.Unauthenticated, "no tøken"), (e.StatusCode, e.Status.Detail));

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> duplex = client.FullDuplexCall(cancellationToken: Token);
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => duplex.ResponseStream.MoveNext(Token))).StatusCode);

        await client.EmptyCallAsync(new Empty(), new Metadata { { "authorization", "Bearer right" } }, cancellationToken: Token);
    }

    [Fact]
    public async Task Call_credentials_travel_with_each_call_of_a_channel()
    {
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Unary = (_, context) => Task.FromResult(new SimpleResponse { Username = context.RequestHeaders.GetValue("authorization") ?? "" }),
        });
        var credentials = CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("authorization", "Bearer token");
            return Task.CompletedTask;
        });
        foreach (bool unsafely in (bool[])[true, false])
        {
            using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel(options =>
            {
                options.Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, credentials);
                options.UnsafeUseInsecureChannelCallCredentials = unsafely;
            });
            SimpleResponse response = await new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), cancellationToken: Token);
            Assert.Equal(unsafely ? "Bearer token" : "", response.Username);
        }
    }
}
