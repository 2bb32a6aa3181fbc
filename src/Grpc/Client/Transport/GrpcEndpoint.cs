using System.Net.Sockets;
using Grpc.Net.Client;

namespace Grpc.Transport;

/// <summary>Where a gRPC server listens: <c>http://host:port</c>, <c>https://host:port</c> or <c>unix:/path/to.sock</c>.</summary>
public sealed class GrpcEndpoint
{
    /// <summary>How much of one stream may be on its way before its reader has taken it: 2 MiB, which fills a gigabit link at 16 ms.</summary>
    public const int StreamWindowSize = 2 * 1024 * 1024;

    private const string UnixPrefix = "unix:";

    private GrpcEndpoint(string text, Uri address, string? socketPath)
    {
        Text = text;
        Address = address;
        SocketPath = socketPath;
    }

    /// <summary>The address as it was given.</summary>
    public string Text { get; }

    /// <summary>What a channel calls; <c>http://localhost</c> for a Unix domain socket.</summary>
    public Uri Address { get; }

    /// <summary>The path of the Unix domain socket, or null.</summary>
    public string? SocketPath { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="address"><c>http://host:port</c>, <c>https://host:port</c>, <c>unix:/path</c> or <c>unix:///path</c>.</param>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static GrpcEndpoint Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            string path = address[UnixPrefix.Length..];
            path = path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path;
            return path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && path.Length > 1
                ? new GrpcEndpoint(address, new Uri("http://localhost"), path)
                : throw Invalid(address);
        }

        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? new GrpcEndpoint(address, uri, null)
            : throw Invalid(address);
    }

    /// <summary>
    /// Creates a handler that connects here, with keepalive (a ping after 20 s of silence while calls are open, 20 s for its answer) and windows for real networks.
    /// The caller owns it, and may change it before its first request.
    /// </summary>
    /// <param name="tls">Whom to trust, and what to show, at <c>https://</c> addresses. Null: those that the system trusts, and nothing.</param>
    public SocketsHttpHandler CreateHandler(GrpcTls? tls = null)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindowSize,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        if (SocketPath is not null)
        {
            handler.ConnectCallback = async (_, cancellationToken) => new NetworkStream(await ConnectSocketAsync(cancellationToken).ConfigureAwait(false), ownsSocket: true);
        }

        if (Address.Scheme == Uri.UriSchemeHttps)
        {
            handler.SslOptions = (tls ?? new GrpcTls()).CreateOptions();
        }

        return handler;
    }

    /// <summary>Creates a channel to here, which owns its handler.</summary>
    /// <param name="configure">Sets further options.</param>
    /// <param name="tls">As for <see cref="CreateHandler"/>.</param>
    public GrpcChannel CreateChannel(Action<GrpcChannelOptions>? configure = null, GrpcTls? tls = null)
    {
        var options = new GrpcChannelOptions { HttpHandler = CreateHandler(tls), DisposeHttpClient = true };
        configure?.Invoke(options);
        return GrpcChannel.ForAddress(Address, options);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Opens a connection to here, without a word.</summary>
    internal async Task<Socket> ConnectSocketAsync(CancellationToken cancellationToken)
    {
        Socket socket = SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (SocketPath is string path)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await socket.ConnectAsync(Address.IdnHost, Address.Port, cancellationToken).ConfigureAwait(false);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static FormatException Invalid(string address) =>
        new($"\"{address}\" is no address: give http://host:port, https://host:port or unix:/path/to.sock.");
}
