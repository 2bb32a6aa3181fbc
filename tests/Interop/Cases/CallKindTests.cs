using Cluster.Interop.Server;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Xunit;

namespace Cluster.Interop.Cases;

public sealed class CallKindTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_four_kinds_of_calls_work_over_tcp_and_over_a_unix_socket(bool unix)
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using GrpcChannel channel = GrpcEndpoint.Parse(unix ? server.UnixAddress : server.Address).CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        CancellationToken token = TestContext.Current.CancellationToken;

        SimpleResponse unary = await client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314159, Payload = Zeroes(271828) }, cancellationToken: token);
        Assert.Equal(314159, unary.Payload.Body.Length);
        Assert.Equal(7, client.UnaryCall(new SimpleRequest { ResponseSize = 7 }, cancellationToken: token).Payload.Body.Length);

        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> sum = client.StreamingInputCall(cancellationToken: token);
        foreach (int size in (int[])[27182, 8, 1828, 45904])
        {
            await sum.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeroes(size) }, token);
        }

        await sum.RequestStream.CompleteAsync();
        Assert.Equal(74922, (await sum).AggregatedPayloadSize);

        int[] sizes = [31415, 9, 2653, 58979];
        var wanted = new StreamingOutputCallRequest();
        wanted.ResponseParameters.AddRange(sizes.Select(size => new ResponseParameters { Size = size }));
        using AsyncServerStreamingCall<StreamingOutputCallResponse> output = client.StreamingOutputCall(wanted, cancellationToken: token);
        List<int> received = [];
        await foreach (StreamingOutputCallResponse response in output.ResponseStream.ReadAllAsync(token))
        {
            received.Add(response.Payload.Body.Length);
        }

        Assert.Equal(sizes, received);

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> duplex = client.FullDuplexCall(cancellationToken: token);
        foreach (int size in sizes)
        {
            await duplex.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = size } }, Payload = Zeroes(100) }, token);
            Assert.True(await duplex.ResponseStream.MoveNext(token));
            Assert.Equal(size, duplex.ResponseStream.Current.Payload.Body.Length);
        }

        await duplex.RequestStream.CompleteAsync();
        Assert.False(await duplex.ResponseStream.MoveNext(token));
        Assert.Equal(StatusCode.OK, duplex.GetStatus().StatusCode);
    }

    private static Payload Zeroes(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };
}
