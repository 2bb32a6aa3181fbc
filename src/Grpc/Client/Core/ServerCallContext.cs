namespace Grpc.Core;

/// <summary>A call as the service sees it.</summary>
public abstract class ServerCallContext
{
    /// <summary>The path of the method, such as <c>/grpc.health.v1.Health/Check</c>.</summary>
    public string Method => MethodCore;

    /// <summary>The authority that the client called.</summary>
    public string Host => HostCore;

    /// <summary>The address of the client, such as <c>ipv4:127.0.0.1:40000</c>.</summary>
    public string Peer => PeerCore;

    /// <summary>When the caller stops waiting (UTC); <see cref="DateTime.MaxValue"/> if it never does.</summary>
    public DateTime Deadline => DeadlineCore;

    /// <summary>The metadata that came with the call.</summary>
    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Cancelled when the caller cancels or goes away, and when the deadline passes.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>Metadata to send with the status.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    /// <summary>The status with which the call ends when the method returns. Default: OK.</summary>
    public Status Status
    {
        get => StatusCore;
        set => StatusCore = value;
    }

    /// <summary>How responses are written. Default: null, which is <see cref="WriteOptions.Default"/>.</summary>
    public WriteOptions? WriteOptions
    {
        get => WriteOptionsCore;
        set => WriteOptionsCore = value;
    }

    /// <summary>What authentication established about the caller.</summary>
    public AuthContext AuthContext => AuthContextCore;

    /// <summary>A place for middleware to leave things for the service.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    /// <summary>Sends headers now. Otherwise they go with the first response.</summary>
    /// <param name="responseHeaders">Metadata to send.</param>
    /// <exception cref="InvalidOperationException">They have been sent.</exception>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    /// <summary>The deadline and cancellation of this call, for calls made on its behalf.</summary>
    /// <param name="options">What is taken over.</param>
    public ContextPropagationToken CreatePropagationToken(ContextPropagationOptions? options = null) => CreatePropagationTokenCore(options);

    /// <summary>Sends headers.</summary>
    /// <param name="responseHeaders">Metadata to send.</param>
    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);

    /// <summary>Creates a propagation token.</summary>
    /// <param name="options">What is taken over.</param>
    protected abstract ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options);

    /// <summary>The path of the method.</summary>
    protected abstract string MethodCore { get; }

    /// <summary>The authority.</summary>
    protected abstract string HostCore { get; }

    /// <summary>The address of the client.</summary>
    protected abstract string PeerCore { get; }

    /// <summary>The deadline.</summary>
    protected abstract DateTime DeadlineCore { get; }

    /// <summary>The metadata that came with the call.</summary>
    protected abstract Metadata RequestHeadersCore { get; }

    /// <summary>The token.</summary>
    protected abstract CancellationToken CancellationTokenCore { get; }

    /// <summary>The trailers.</summary>
    protected abstract Metadata ResponseTrailersCore { get; }

    /// <summary>The status.</summary>
    protected abstract Status StatusCore { get; set; }

    /// <summary>How responses are written.</summary>
    protected abstract WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>What authentication established.</summary>
    protected abstract AuthContext AuthContextCore { get; }

    /// <summary>The user state.</summary>
    protected virtual IDictionary<object, object> UserStateCore => throw new NotSupportedException();
}
