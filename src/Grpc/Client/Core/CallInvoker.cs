namespace Grpc.Core;

/// <summary>Makes calls. Generated clients make theirs through it.</summary>
public abstract class CallInvoker
{
    /// <summary>Makes a call with one request and one response and waits for it. Prefer the asynchronous form.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">The authority to call, or null for that of the channel.</param>
    /// <param name="options">How the call is made.</param>
    /// <param name="request">The request.</param>
    public abstract TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>Makes a call with one request and one response.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">The authority to call, or null for that of the channel.</param>
    /// <param name="options">How the call is made.</param>
    /// <param name="request">The request.</param>
    public abstract AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>Makes a call with one request and a stream of responses.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">The authority to call, or null for that of the channel.</param>
    /// <param name="options">How the call is made.</param>
    /// <param name="request">The request.</param>
    public abstract AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>Makes a call with a stream of requests and one response.</summary>
    /// <typeparam name="TRequest">The requests.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">The authority to call, or null for that of the channel.</param>
    /// <param name="options">How the call is made.</param>
    public abstract AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class;

    /// <summary>Makes a call with streams both ways.</summary>
    /// <typeparam name="TRequest">The requests.</typeparam>
    /// <typeparam name="TResponse">The responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">The authority to call, or null for that of the channel.</param>
    /// <param name="options">How the call is made.</param>
    public abstract AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class;
}
