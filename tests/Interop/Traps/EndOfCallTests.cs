using Cluster.Interop.Server;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Xunit;

namespace Cluster.Interop.Traps;

/// <summary>The server ends a call while its client is writing: the write says why, whether or not anyone reads.</summary>
public sealed class EndOfCallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_write_that_races_the_end_surfaces_the_status_of_the_call(int responses)
    {
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Duplex = async (requests, writer, context) =>
            {
                await requests.MoveNext(context.CancellationToken);
                for (int i = 0; i < responses; i++)
                {
                    await writer.WriteAsync(new StreamingOutputCallResponse { Payload = new Payload { Body = ByteString.CopyFrom((byte)i) } });
                }

                throw new RpcException(new Status(StatusCode.FailedPrecondition, "enough"), new Metadata { { "reason", "full" } });
            },
        });
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        for (int round = 0; round < 20; round++)
        {
            using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Token);
            var request = new StreamingOutputCallRequest { Payload = new Payload { Body = ByteString.CopyFrom(new byte[8000]) } };
            RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                while (true)
                {
                    await call.RequestStream.WriteAsync(request, Token);
                }
            });
            Assert.Equal((StatusCode.FailedPrecondition, "enough"), (e.StatusCode, e.Status.Detail));
            Assert.Equal("full", e.Trailers.GetValue("reason"));

            // What the server said before is still there to be read.
            for (int i = 0; i < responses; i++)
            {
                Assert.True(await call.ResponseStream.MoveNext(Token));
                Assert.Equal(i, call.ResponseStream.Current.Payload.Body[0]);
            }

            Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token))).StatusCode);
        }
    }

    [Fact]
    public async Task A_call_that_is_refused_at_once_tells_a_writer_who_does_not_read()
    {
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService());
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = new TestService.TestServiceClient(channel).StreamingInputCall(cancellationToken: Token);
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new StreamingInputCallRequest(), Token);
            }
        });
        Assert.Equal(StatusCode.Unimplemented, e.StatusCode);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task A_response_that_is_no_message_of_its_type_is_internal_and_not_cancelled()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        var method = new Method<byte[], byte[]>(
            MethodType.Unary, "grpc.testing.TestService", "UnaryCall", Marshallers.Create(static (byte[] b) => b, static b => b), Marshallers.Create(static (byte[] b) => b, static b => b));
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Token), [0xff, 0xff, 0xff]).ResponseAsync);
        Assert.Equal(StatusCode.Internal, e.StatusCode);
        Assert.Contains("SimpleRequest", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_above_the_limit_of_its_sender_is_refused_and_the_stream_goes_on()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel(options => options.MaxSendMessageSize = 1000);
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = new TestService.TestServiceClient(channel).StreamingInputCall(cancellationToken: Token);
        var small = new StreamingInputCallRequest { Payload = new Payload { Body = ByteString.CopyFrom(new byte[10]) } };
        var large = new StreamingInputCallRequest { Payload = new Payload { Body = ByteString.CopyFrom(new byte[2000]) } };
        await call.RequestStream.WriteAsync(small, Token);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(large, Token))).StatusCode);
        await call.RequestStream.WriteAsync(small, Token);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(20, (await call).AggregatedPayloadSize);
    }

    [Fact]
    public async Task Reads_and_writes_that_a_method_leaves_behind_do_not_reach_the_next_call()
    {
        Exception? late = null;
        var tried = new Signal();
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Duplex = async (requests, responses, context) =>
            {
                if (!await requests.MoveNext(context.CancellationToken) || requests.Current.Payload.Body.Length > 1)
                {
                    return;
                }

                _ = requests.MoveNext(context.CancellationToken);
                _ = responses.WriteAsync(new StreamingOutputCallResponse { Payload = new Payload { Body = ByteString.CopyFrom(new byte[200_000]) } });
                _ = WriteLateAsync(responses);
            },
        });
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        for (int i = 0; i < 50; i++)
        {
            using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> careless = client.FullDuplexCall(cancellationToken: Token);
            await careless.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = new Payload { Body = ByteString.CopyFrom(1) } }, Token);
            Assert.True(await careless.ResponseStream.MoveNext(Token));
            Assert.Equal(200_000, careless.ResponseStream.Current.Payload.Body.Length);
            Assert.False(await careless.ResponseStream.MoveNext(Token));

            using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> next = client.FullDuplexCall(cancellationToken: Token);
            await next.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = new Payload { Body = ByteString.CopyFrom(1, 2) } }, Token);
            Assert.False(await next.ResponseStream.MoveNext(Token));
        }

        await tried.WaitAsync();
        Assert.IsType<InvalidOperationException>(late);

        async Task WriteLateAsync(IServerStreamWriter<StreamingOutputCallResponse> responses)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
            late = await Record.ExceptionAsync(() => responses.WriteAsync(new StreamingOutputCallResponse()));
            tried.Set();
        }
    }

    [Fact]
    public async Task An_unexpected_exception_is_unknown_and_tells_nothing_by_default()
    {
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService { Unary = (_, _) => throw new InvalidOperationException("secret") });
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            async () => await new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), cancellationToken: Token));
        Assert.Equal(StatusCode.Unknown, e.StatusCode);
        Assert.DoesNotContain("secret", e.Status.Detail, StringComparison.Ordinal);
    }
}
