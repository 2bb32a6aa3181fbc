using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;

namespace Cluster.Interop.Server;

/// <summary>The service that gRPC implementations test each other with.</summary>
internal sealed class InteropService : TestService.TestServiceBase
{
    private const string EchoInitial = "x-grpc-test-echo-initial";
    private const string EchoTrailing = "x-grpc-test-echo-trailing-bin";

    public override async Task<Empty> EmptyCall(Empty request, ServerCallContext context)
    {
        await EchoMetadataAsync(context, compress: false);
        return new Empty();
    }

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        RequireCompression(request.ExpectCompressed, context);
        await EchoMetadataAsync(context, compress: request.ResponseCompressed is not null);
        ThrowIfWanted(request.ResponseStatus);
        SetCompression(context, request.ResponseCompressed);
        return new SimpleResponse { Payload = Zeroes(request.ResponseSize) };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        await EchoMetadataAsync(context, compress: request.ResponseParameters.Any(parameters => parameters.Compressed is not null));
        await RespondAsync(request, responseStream, context);
        ThrowIfWanted(request.ResponseStatus);
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        int total = 0;
        await foreach (StreamingInputCallRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            RequireCompression(request.ExpectCompressed, context);
            total += request.Payload.Body.Length;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = total };
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        await EchoMetadataAsync(context, compress: false);
        await foreach (StreamingOutputCallRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            ThrowIfWanted(request.ResponseStatus);
            await RespondAsync(request, responseStream, context);
        }
    }

    private static async Task RespondAsync(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        foreach (ResponseParameters parameters in request.ResponseParameters)
        {
            if (parameters.IntervalUs > 0)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(parameters.IntervalUs), TimeProvider.System, context.CancellationToken);
            }

            SetCompression(context, parameters.Compressed);
            await responseStream.WriteAsync(new StreamingOutputCallResponse { Payload = Zeroes(parameters.Size) });
        }
    }

    private static async Task EchoMetadataAsync(ServerCallContext context, bool compress)
    {
        var headers = new Metadata();
        if (context.RequestHeaders.GetValue(EchoInitial) is string initial)
        {
            headers.Add(EchoInitial, initial);
        }

        if (compress)
        {
            headers.Add("grpc-internal-encoding-request", "gzip");
        }

        if (headers.Count > 0)
        {
            await context.WriteResponseHeadersAsync(headers);
        }

        if (context.RequestHeaders.GetValueBytes(EchoTrailing) is byte[] trailing)
        {
            context.ResponseTrailers.Add(EchoTrailing, trailing);
        }
    }

    private static void SetCompression(ServerCallContext context, BoolValue? compressed) =>
        context.WriteOptions = compressed is { Value: false } ? new WriteOptions(WriteFlags.NoCompress) : null;

    // The flag of the single message is not visible to a service; the encoding of its stream is.
    private static void RequireCompression(BoolValue? expected, ServerCallContext context)
    {
        if (expected is { Value: true } && context.GetHttpContext().Request.Headers["grpc-encoding"] != "gzip")
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The request was to be compressed, and is not."));
        }
    }

    private static void ThrowIfWanted(EchoStatus? status)
    {
        if (status is not null && status.Code != 0)
        {
            throw new RpcException(new Status((StatusCode)status.Code, status.Message));
        }
    }

    private static Payload Zeroes(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };
}
