using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client.Calls;

namespace Grpc.Net.Client;

/// <summary>
/// A way to a server. It connects when the first call is made, again whenever a call finds no connection, and carries any number of calls at once.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<IMethod, Uri> _methodUris = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly HttpMessageInvoker _invoker;
    private readonly bool _disposeInvoker;
    private readonly CallCredentials? _credentials;
    private readonly bool _sendsCredentials;

    private GrpcChannel(Uri address, GrpcChannelOptions options, TimeProvider time)
        : base(address.Authority)
    {
        Address = address;
        Time = time;
        MaxSendMessageSize = options.MaxSendMessageSize;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        ThrowsOperationCanceled = options.ThrowOperationCanceledOnCancellation;
        _credentials = options.Credentials?.CallCredentials;
        _sendsCredentials = IsSecure || options.UnsafeUseInsecureChannelCallCredentials;
        (_invoker, _disposeInvoker) = options switch
        {
            { HttpClient: { } client } => (client, options.DisposeHttpClient),
            { HttpHandler: { } handler } => (new HttpMessageInvoker(handler, options.DisposeHttpClient), true),
            _ => (new HttpMessageInvoker(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false }), true),
        };
        ConnectTimeout = (options.HttpHandler as SocketsHttpHandler)?.ConnectTimeout;
        DisposedToken = _disposed.Token;
    }

    internal Uri Address { get; }

    internal TimeProvider Time { get; }

    internal TimeSpan? ConnectTimeout { get; }

    internal int? MaxSendMessageSize { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal bool ThrowsOperationCanceled { get; }

    internal bool IsSecure => Address.Scheme == Uri.UriSchemeHttps;

    internal CancellationToken DisposedToken { get; }

    /// <summary>Creates a channel.</summary>
    /// <param name="address">The address of the server, <c>http://…</c> or <c>https://…</c>.</param>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Creates a channel.</summary>
    /// <param name="address">The address of the server, <c>http://…</c> or <c>https://…</c>.</param>
    /// <param name="channelOptions">How it is made.</param>
    /// <exception cref="ArgumentException">The address is none, or its scheme is another, or the options contradict it or each other.</exception>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            ? ForAddress(uri, channelOptions)
            : throw new ArgumentException($"\"{address}\" is no address: give http://host:port or https://host:port.", nameof(address));
    }

    /// <summary>Creates a channel.</summary>
    /// <param name="address">The address of the server, <c>http://…</c> or <c>https://…</c>.</param>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Creates a channel.</summary>
    /// <param name="address">The address of the server, <c>http://…</c> or <c>https://…</c>.</param>
    /// <param name="channelOptions">How it is made.</param>
    /// <exception cref="ArgumentException">The scheme of the address is another, or the options contradict it or each other.</exception>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions) => Create(address, channelOptions, TimeProvider.System);

    internal static GrpcChannel Create(Uri address, GrpcChannelOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"The address {address} has the scheme \"{address.Scheme}\": give http or https.", nameof(address));
        }

        if (options.HttpClient is not null && options.HttpHandler is not null)
        {
            throw new ArgumentException("Both HttpClient and HttpHandler are set: give one of them.", nameof(options));
        }

        if (options.Credentials is { } credentials && credentials.IsSecure != (address.Scheme == Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"The address {address} and the credentials do not agree on TLS.", nameof(options));
        }

        return new GrpcChannel(address, options, time);
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        return new ChannelCallInvoker(this);
    }

    /// <summary>Ends the channel; its calls are cancelled.</summary>
    public void Dispose()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        _disposed.Cancel();
        if (_disposeInvoker)
        {
            _invoker.Dispose();
        }
    }

    internal Uri UriOf(IMethod method) => _methodUris.GetOrAdd(method, static (key, address) => new Uri(address, key.FullName), Address);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : _invoker.SendAsync(request, cancellationToken);

    /// <summary>The credentials that travel with a call: those of the channel, then its own.</summary>
    internal IEnumerable<CallCredentials> CredentialsOf(in CallOptions options) => (_sendsCredentials, _credentials, options.Credentials) switch
    {
        (false, _, _) or (_, null, null) => [],
        (_, { } channel, { } call) => [channel, call],
        (_, var channel, var call) => [channel ?? call!],
    };

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }
}
