using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;
using Xunit;

namespace Cluster.Interop.Cases;

/// <summary>The cases that gRPC implementations test each other with, by their official names, for our client against any server.</summary>
internal sealed class InteropCases(ChannelBase channel, CancellationToken token)
{
    private static readonly int[] RequestSizes = [27182, 8, 1828, 45904];
    private static readonly int[] ResponseSizes = [31415, 9, 2653, 58979];
    private static readonly Metadata Gzip = new() { { "grpc-internal-encoding-request", "gzip" } };

    private readonly TestService.TestServiceClient _client = new(channel);

    public static IReadOnlyDictionary<string, Func<InteropCases, Task>> ByName { get; } = new Dictionary<string, Func<InteropCases, Task>>
    {
        ["empty_unary"] = cases => cases.EmptyUnaryAsync(),
        ["large_unary"] = cases => cases.LargeUnaryAsync(),
        ["client_streaming"] = cases => cases.ClientStreamingAsync(),
        ["server_streaming"] = cases => cases.ServerStreamingAsync(),
        ["ping_pong"] = cases => cases.PingPongAsync(),
        ["empty_stream"] = cases => cases.EmptyStreamAsync(),
        ["cancel_after_begin"] = cases => cases.CancelAfterBeginAsync(),
        ["cancel_after_first_response"] = cases => cases.CancelAfterFirstResponseAsync(),
        ["timeout_on_sleeping_server"] = cases => cases.TimeoutOnSleepingServerAsync(),
        ["status_code_and_message"] = cases => cases.StatusCodeAndMessageAsync(),
        ["special_status_message"] = cases => cases.SpecialStatusMessageAsync(),
        ["custom_metadata"] = cases => cases.CustomMetadataAsync(),
        ["unimplemented_method"] = cases => cases.UnimplementedMethodAsync(),
        ["unimplemented_service"] = cases => cases.UnimplementedServiceAsync(),
        ["client_compressed_unary"] = cases => cases.ClientCompressedUnaryAsync(),
        ["client_compressed_streaming"] = cases => cases.ClientCompressedStreamingAsync(),
        ["server_compressed_unary"] = cases => cases.ServerCompressedUnaryAsync(),
        ["server_compressed_streaming"] = cases => cases.ServerCompressedStreamingAsync(),
    };

    public static TheoryData<string> Names => [.. ByName.Keys];

    private static Payload Zeroes(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };

    private static StreamingOutputCallRequest Wanted(params int[] sizes) =>
        new() { ResponseParameters = { sizes.Select(size => new ResponseParameters { Size = size }) }, Payload = Zeroes(100) };

    private static async Task<StatusCode> CodeOf(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).StatusCode;

    private async Task EmptyUnaryAsync() => Assert.Equal(new Empty(), await _client.EmptyCallAsync(new Empty(), cancellationToken: token));

    private async Task LargeUnaryAsync()
    {
        SimpleResponse response = await _client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314159, Payload = Zeroes(271828) }, cancellationToken: token);
        Assert.Equal(Zeroes(314159), response.Payload);
    }

    private async Task ClientStreamingAsync()
    {
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = _client.StreamingInputCall(cancellationToken: token);
        foreach (int size in RequestSizes)
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeroes(size) }, token);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(74922, (await call).AggregatedPayloadSize);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private async Task ServerStreamingAsync()
    {
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call = _client.StreamingOutputCall(Wanted(ResponseSizes), cancellationToken: token);
        List<int> sizes = [];
        await foreach (StreamingOutputCallResponse response in call.ResponseStream.ReadAllAsync(token))
        {
            sizes.Add(response.Payload.Body.Length);
        }

        Assert.Equal(ResponseSizes, sizes);
    }

    private async Task PingPongAsync()
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = _client.FullDuplexCall(cancellationToken: token);
        for (int i = 0; i < ResponseSizes.Length; i++)
        {
            StreamingOutputCallRequest request = Wanted(ResponseSizes[i]);
            request.Payload = Zeroes(RequestSizes[i]);
            await call.RequestStream.WriteAsync(request, token);
            Assert.True(await call.ResponseStream.MoveNext(token));
            Assert.Equal(ResponseSizes[i], call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(token));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private async Task EmptyStreamAsync()
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = _client.FullDuplexCall(cancellationToken: token);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(token));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private async Task CancelAfterBeginAsync()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(token);
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = _client.StreamingInputCall(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, await CodeOf(() => call.ResponseAsync));
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    private async Task CancelAfterFirstResponseAsync()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(token);
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = _client.FullDuplexCall(cancellationToken: cancellation.Token);
        await call.RequestStream.WriteAsync(Wanted(31415), token);
        Assert.True(await call.ResponseStream.MoveNext(token));
        await cancellation.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, await CodeOf(() => call.ResponseStream.MoveNext(token)));
    }

    private async Task TimeoutOnSleepingServerAsync()
    {
        DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(1);
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = _client.FullDuplexCall(deadline: deadline, cancellationToken: token);
        try
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Zeroes(27182) }, token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.DeadlineExceeded)
        {
            // The deadline may pass before the write as well as after it.
        }

        Assert.Equal(StatusCode.DeadlineExceeded, await CodeOf(() => call.ResponseStream.MoveNext(token)));
    }

    private async Task StatusCodeAndMessageAsync()
    {
        var status = new EchoStatus { Code = (int)StatusCode.Unknown, Message = "test status message" };
        RpcException unary = await Assert.ThrowsAsync<RpcException>(async () => await _client.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }, cancellationToken: token));
        Assert.Equal((StatusCode.Unknown, status.Message), (unary.StatusCode, unary.Status.Detail));

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = _client.FullDuplexCall(cancellationToken: token);
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status }, token);
        await call.RequestStream.CompleteAsync();
        RpcException duplex = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(token));
        Assert.Equal((StatusCode.Unknown, status.Message), (duplex.StatusCode, duplex.Status.Detail));
    }

    private async Task SpecialStatusMessageAsync()
    {
        var status = new EchoStatus { Code = (int)StatusCode.Unknown, Message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n" };
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await _client.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }, cancellationToken: token));
        Assert.Equal((StatusCode.Unknown, status.Message), (e.StatusCode, e.Status.Detail));
    }

    private async Task CustomMetadataAsync()
    {
        byte[] trailing = [0xab, 0xab, 0xab];
        var headers = new Metadata { { "x-grpc-test-echo-initial", "test_initial_metadata_value" }, { "x-grpc-test-echo-trailing-bin", trailing } };

        using AsyncUnaryCall<SimpleResponse> unary = _client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314159, Payload = Zeroes(271828) }, headers, cancellationToken: token);
        Assert.Equal("test_initial_metadata_value", (await unary.ResponseHeadersAsync).GetValue("x-grpc-test-echo-initial"));
        await unary;
        Assert.Equal(trailing, unary.GetTrailers().GetValueBytes("x-grpc-test-echo-trailing-bin"));

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> duplex = _client.FullDuplexCall(headers, cancellationToken: token);
        await duplex.RequestStream.WriteAsync(Wanted(314159), token);
        await duplex.RequestStream.CompleteAsync();
        Assert.Equal("test_initial_metadata_value", (await duplex.ResponseHeadersAsync).GetValue("x-grpc-test-echo-initial"));
        Assert.True(await duplex.ResponseStream.MoveNext(token));
        Assert.False(await duplex.ResponseStream.MoveNext(token));
        Assert.Equal(trailing, duplex.GetTrailers().GetValueBytes("x-grpc-test-echo-trailing-bin"));
    }

    private async Task UnimplementedMethodAsync() => Assert.Equal(
        StatusCode.Unimplemented,
        await CodeOf(async () => await _client.UnimplementedCallAsync(new Empty(), cancellationToken: token)));

    private async Task UnimplementedServiceAsync()
    {
        var client = new UnimplementedService.UnimplementedServiceClient(channel);
        Assert.Equal(StatusCode.Unimplemented, await CodeOf(async () => await client.UnimplementedCallAsync(new Empty(), cancellationToken: token)));
    }

    private async Task ClientCompressedUnaryAsync()
    {
        var request = new SimpleRequest { ExpectCompressed = new BoolValue { Value = true }, ResponseSize = 314159, Payload = Zeroes(271828) };
        Assert.Equal(314159, (await _client.UnaryCallAsync(request, Gzip, cancellationToken: token)).Payload.Body.Length);
        request.ExpectCompressed.Value = false;
        Assert.Equal(314159, (await _client.UnaryCallAsync(request, cancellationToken: token)).Payload.Body.Length);
    }

    private async Task ClientCompressedStreamingAsync()
    {
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = _client.StreamingInputCall(Gzip, cancellationToken: token);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { ExpectCompressed = new BoolValue { Value = true }, Payload = Zeroes(27182) }, token);
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { ExpectCompressed = new BoolValue { Value = false }, Payload = Zeroes(45904) }, token);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(73086, (await call).AggregatedPayloadSize);
    }

    private async Task ServerCompressedUnaryAsync()
    {
        foreach (bool compressed in (bool[])[true, false])
        {
            var request = new SimpleRequest { ResponseCompressed = new BoolValue { Value = compressed }, ResponseSize = 314159, Payload = Zeroes(271828) };
            Assert.Equal(Zeroes(314159), (await _client.UnaryCallAsync(request, cancellationToken: token)).Payload);
        }
    }

    private async Task ServerCompressedStreamingAsync()
    {
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters =
            {
                new ResponseParameters { Size = 31415, Compressed = new BoolValue { Value = true } },
                new ResponseParameters { Size = 92653, Compressed = new BoolValue { Value = false } },
            },
        };
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call = _client.StreamingOutputCall(request, cancellationToken: token);
        Assert.True(await call.ResponseStream.MoveNext(token));
        Assert.Equal(Zeroes(31415), call.ResponseStream.Current.Payload);
        Assert.True(await call.ResponseStream.MoveNext(token));
        Assert.Equal(Zeroes(92653), call.ResponseStream.Current.Payload);
        Assert.False(await call.ResponseStream.MoveNext(token));
    }
}
