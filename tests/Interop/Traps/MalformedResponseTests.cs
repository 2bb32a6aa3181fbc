using System.Net;
using Cluster.Interop.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Cluster.Interop.Traps;

/// <summary>Servers that are none, or answer nonsense: the client says so with the status that the protocol has for it.</summary>
public sealed class MalformedResponseTests
{
    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task An_http_error_is_mapped(int http, StatusCode expected)
    {
        RpcException e = await CallAsync(context =>
        {
            context.Response.StatusCode = http;
            return Task.CompletedTask;
        });
        Assert.Equal(expected, e.StatusCode);
        Assert.Contains($"{http}", e.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x1, StatusCode.Internal)]
    [InlineData(0x2, StatusCode.Internal)]
    [InlineData(0x7, StatusCode.Unavailable)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    public async Task A_reset_is_mapped(int code, StatusCode expected)
    {
        RpcException e = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(code);
        });
        Assert.Equal(expected, e.StatusCode);
    }

    [Fact]
    public async Task Another_content_type_is_no_grpc()
    {
        RpcException e = await CallAsync(context => context.Response.WriteAsync("<html>"), contentType: "text/html");
        Assert.Equal(StatusCode.Unknown, e.StatusCode);
        Assert.Contains("text/html", e.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 9, 0, 0, 0, 0 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 5, 1 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 0xff }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0x7f, 0, 0, 0 }, StatusCode.ResourceExhausted)]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 7 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, StatusCode.Internal)]
    [InlineData(new byte[] { }, StatusCode.Internal)]
    public async Task A_damaged_body_is_mapped(byte[] body, StatusCode expected)
    {
        RpcException e = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(body);
        });
        Assert.Equal(expected, e.StatusCode);
    }

    [Fact]
    public async Task Headers_and_trailers_that_are_no_metadata_are_left_out()
    {
        await using InteropServer server = await InteropServer.StartAsync(map: app => app.MapPost("/grpc.testing.TestService/EmptyCall", async context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["x!y"] = "1";
            await context.Response.Body.WriteAsync(RawCall.Message([]));
            context.Response.AppendTrailer("grpc-status", "0");
            context.Response.AppendTrailer("x!y", "1");
            context.Response.AppendTrailer("x-y", "2");
        }));
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        using AsyncUnaryCall<Empty> call = new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: TestContext.Current.CancellationToken);
        await call;
        Assert.DoesNotContain(await call.ResponseHeadersAsync, entry => entry.Key == "x!y");
        Assert.Equal("x-y", Assert.Single(call.GetTrailers()).Key);
    }

    [Fact]
    public async Task An_end_without_a_status_is_unknown()
    {
        RpcException e = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(RawCall.Message([]));
        });
        Assert.Equal(StatusCode.Unknown, e.StatusCode);
    }

    [Fact]
    public async Task A_lost_connection_is_unavailable()
    {
        RpcException e = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
        });
        Assert.True(e.StatusCode is StatusCode.Unavailable or StatusCode.Internal, $"{e.Status}");
    }

    [Fact]
    public async Task Nobody_listening_is_unavailable()
    {
        using GrpcChannel channel = GrpcEndpoint.Parse("http://127.0.0.1:1").CreateChannel();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            async () => await new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        Assert.Contains("http://127.0.0.1:1", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_speaks_only_http_1_is_named()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task answer = AnswerAsync(listener);
        using GrpcChannel channel = GrpcEndpoint.Parse($"http://{listener.LocalEndpoint}").CreateChannel();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            async () => await new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(e.StatusCode is StatusCode.Internal or StatusCode.Unavailable, $"{e.Status}");
        await answer;

        static async Task AnswerAsync(System.Net.Sockets.TcpListener listener)
        {
            using System.Net.Sockets.TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }
    }

    private static async Task<RpcException> CallAsync(RequestDelegate answer, string? contentType = null)
    {
        await using InteropServer server = await InteropServer.StartAsync(map: app => app.MapPost("/grpc.testing.TestService/EmptyCall", context =>
        {
            context.Response.ContentType = contentType;
            return answer(context);
        }));
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        return await Assert.ThrowsAsync<RpcException>(
            async () => await new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: TestContext.Current.CancellationToken));
    }
}
