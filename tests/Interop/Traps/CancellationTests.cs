using Cluster.Interop.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Xunit;

namespace Cluster.Interop.Traps;

public sealed class CancellationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_resets_the_stream_cancels_what_the_server_reads(bool afterMessages)
    {
        var reading = new Signal();
        Exception? thrown = null;
        var ended = new Signal();
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Duplex = async (requests, _, context) =>
            {
                try
                {
                    reading.Set();
                    while (await requests.MoveNext(CancellationToken.None))
                    {
                    }
                }
                catch (Exception e)
                {
                    thrown = e;
                    Assert.True(context.CancellationToken.IsCancellationRequested);
                    throw;
                }
                finally
                {
                    ended.Set();
                }
            },
        });
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = client.FullDuplexCall(cancellationToken: Token);
        for (int i = 0; afterMessages && i < 1000; i++)
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest(), Token);
        }

        await reading.WaitAsync();
        call.Dispose();
        await ended.WaitAsync();
        Assert.IsType<OperationCanceledException>(thrown);
    }

    [Fact]
    public async Task A_cancelled_token_of_a_read_cancels_the_call()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Token);
        using var cancellation = new CancellationTokenSource();
        Task<bool> read = call.ResponseStream.MoveNext(cancellation.Token);
        await cancellation.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => read)).StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new StreamingOutputCallRequest(), Token))).StatusCode);
    }

    [Fact]
    public async Task Cancellation_can_be_told_by_its_own_exception()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel(options => options.ThrowOperationCanceledOnCancellation = true);
        using var cancellation = new CancellationTokenSource();
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
            new TestService.TestServiceClient(channel).StreamingInputCall(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        Assert.Equal(cancellation.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => call.ResponseAsync)).CancellationToken);
    }

    // Kestrel ends connections whose client resets streams faster than it can clean up after them, and with them calls that did nothing wrong.
    [Fact]
    public async Task A_storm_of_cancels_does_not_touch_other_calls()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> innocent = client.FullDuplexCall(cancellationToken: Token);
        using var stop = new CancellationTokenSource();
        Task<int> pings = PingAsync(innocent, stop.Token);

        await Parallel.ForAsync(0, 64, Token, async (_, token) =>
        {
            for (int i = 0; i < 312; i++)
            {
                using var cancellation = new CancellationTokenSource();
                using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = client.FullDuplexCall(cancellationToken: cancellation.Token);
                await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 1 } } }, token);
                if (i % 2 == 0)
                {
                    await call.ResponseStream.MoveNext(token);
                }

                await cancellation.CancelAsync();
            }
        });

        await stop.CancelAsync();
        Assert.True(await pings > 0);
        await client.EmptyCallAsync(new Empty(), cancellationToken: Token);
    }

    private static async Task<int> PingAsync(AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call, CancellationToken stop)
    {
        int count = 0;
        while (!stop.IsCancellationRequested)
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 1 } } }, Token);
            Assert.True(await call.ResponseStream.MoveNext(Token));
            count++;
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Token));
        return count;
    }
}
