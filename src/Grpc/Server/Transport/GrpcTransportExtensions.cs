using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Transport;

/// <summary>Sets Kestrel up for gRPC.</summary>
public static class GrpcTransportExtensions
{
    private const int StreamWindowSize = 2 * 1024 * 1024;
    private const int ConnectionWindowSize = 4 * 1024 * 1024;

    /// <summary>
    /// Sets Kestrel up for gRPC: HTTP/2 on every endpoint that does not say otherwise (without TLS too), buffers of 64 KiB, windows of 2 MiB a stream and 4 MiB a
    /// connection, 1,000 streams a connection, keepalive pings after 20 s of silence with 20 s for the answer, and no limit on the size of a stream or
    /// on the slowness of its ends, which flow control and deadlines bound.
    /// </summary>
    /// <param name="builder">The host.</param>
    public static IWebHostBuilder UseGrpcTransport(this IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ConfigureServices(static services => services.AddSingleton<IMemoryPoolFactory<byte>, BlockPoolFactory>());
        return builder.ConfigureKestrel(static kestrel =>
        {
            kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2);
            KestrelServerLimits limits = kestrel.Limits;
            limits.MaxRequestBodySize = null;
            limits.MinRequestBodyDataRate = null;

            // Kestrel would abort the whole connection when one stream's reader makes no progress for five seconds.
            limits.MinResponseDataRate = null;
            limits.Http2.InitialStreamWindowSize = StreamWindowSize;
            limits.Http2.InitialConnectionWindowSize = ConnectionWindowSize;

            // Also what Kestrel's guard against rapid resets goes by: it ends a connection on which far more streams are being cancelled than may be open.
            limits.Http2.MaxStreamsPerConnection = 1000;
            limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
            limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
            kestrel.AddServerHeader = false;
        });
    }
}
