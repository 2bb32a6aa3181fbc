using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>Makes the calls of a channel.</summary>
internal sealed class ChannelCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using AsyncUnaryCall<TResponse> call = AsyncUnaryCall(method, host, options, request);
#pragma warning disable VSTHRD002 // Blocking is what this method is for; no continuation of the call needs the caller's context.
        return call.ResponseAsync.ConfigureAwait(false).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        ClientCall<TRequest, TResponse> call = StartUnary(method, host, options, request);
        return new AsyncUnaryCall<TResponse>(
            call.ReadSingleAsync(),
            static state => ((ClientCall<TRequest, TResponse>)state).GetResponseHeadersAsync(),
            static state => ((ClientCall<TRequest, TResponse>)state).GetStatus(),
            static state => ((ClientCall<TRequest, TResponse>)state).GetTrailers(),
            static state => ((ClientCall<TRequest, TResponse>)state).Dispose(),
            call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        ClientCall<TRequest, TResponse> call = StartUnary(method, host, options, request);
        return new AsyncServerStreamingCall<TResponse>(
            call,
            static state => ((ClientCall<TRequest, TResponse>)state).GetResponseHeadersAsync(),
            static state => ((ClientCall<TRequest, TResponse>)state).GetStatus(),
            static state => ((ClientCall<TRequest, TResponse>)state).GetTrailers(),
            static state => ((ClientCall<TRequest, TResponse>)state).Dispose(),
            call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        ClientCall<TRequest, TResponse> call = StartStreaming(method, host, options);
        Task<TResponse> response = call.ReadSingleAsync();

        // A caller whose write failed has been told, and need not look at the response as well.
        _ = response.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            call.RequestStream!,
            response,
            static state => ((ClientCall<TRequest, TResponse>)state).GetResponseHeadersAsync(),
            static state => ((ClientCall<TRequest, TResponse>)state).GetStatus(),
            static state => ((ClientCall<TRequest, TResponse>)state).GetTrailers(),
            static state => ((ClientCall<TRequest, TResponse>)state).Dispose(),
            call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        ClientCall<TRequest, TResponse> call = StartStreaming(method, host, options);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            call.RequestStream!,
            call,
            static state => ((ClientCall<TRequest, TResponse>)state).GetResponseHeadersAsync(),
            static state => ((ClientCall<TRequest, TResponse>)state).GetStatus(),
            static state => ((ClientCall<TRequest, TResponse>)state).GetTrailers(),
            static state => ((ClientCall<TRequest, TResponse>)state).Dispose(),
            call);
    }

    private ClientCall<TRequest, TResponse> StartUnary<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.StartUnary(request);
        return call;
    }

    private ClientCall<TRequest, TResponse> StartStreaming<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.StartStreaming();
        return call;
    }
}
