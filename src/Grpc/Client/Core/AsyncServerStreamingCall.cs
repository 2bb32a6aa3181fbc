namespace Grpc.Core;

/// <summary>A call with one request and a stream of responses.</summary>
/// <typeparam name="TResponse">The responses.</typeparam>
public sealed class AsyncServerStreamingCall<TResponse> : IDisposable
{
    private readonly Func<object, Task<Metadata>> _responseHeaders;
    private readonly Func<object, Status> _status;
    private readonly Func<object, Metadata> _trailers;
    private readonly Action<object> _dispose;
    private readonly object _state;

    /// <summary>Creates a call from functions over its state.</summary>
    /// <param name="responseStream">The responses.</param>
    /// <param name="responseHeadersAsync">The headers that the server sends.</param>
    /// <param name="getStatusFunc">The result, when the call is complete.</param>
    /// <param name="getTrailersFunc">The trailers, when the call is complete.</param>
    /// <param name="disposeAction">Ends the call.</param>
    /// <param name="state">What the functions are given.</param>
    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
    {
        ResponseStream = responseStream;
        _responseHeaders = responseHeadersAsync;
        _status = getStatusFunc;
        _trailers = getTrailersFunc;
        _dispose = disposeAction;
        _state = state;
    }

    /// <summary>Creates a call from functions.</summary>
    /// <param name="responseStream">The responses.</param>
    /// <param name="responseHeadersAsync">The headers that the server sends.</param>
    /// <param name="getStatusFunc">The result, when the call is complete.</param>
    /// <param name="getTrailersFunc">The trailers, when the call is complete.</param>
    /// <param name="disposeAction">Ends the call.</param>
    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : this(responseStream, _ => responseHeadersAsync, _ => getStatusFunc(), _ => getTrailersFunc(), _ => disposeAction(), null!)
    {
    }

    /// <summary>The responses.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; }

    /// <summary>The headers that the server sends.</summary>
    public Task<Metadata> ResponseHeadersAsync => _responseHeaders(_state);

    /// <summary>The result of the call.</summary>
    /// <exception cref="InvalidOperationException">The call is not complete.</exception>
    public Status GetStatus() => _status(_state);

    /// <summary>The trailers of the call.</summary>
    /// <exception cref="InvalidOperationException">The call is not complete.</exception>
    public Metadata GetTrailers() => _trailers(_state);

    /// <summary>Ends the call. One that is not complete is cancelled.</summary>
    public void Dispose() => _dispose(_state);
}
