using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Cluster.Protocol;
using Grpc.Net.Client;
using Grpc.Transport;

namespace Cluster.Client.Connection;

/// <summary>Makes the gRPC channel to a coordinator.</summary>
internal static class ChannelFactory
{
    /// <exception cref="ClusterException">A certificate or a key cannot be read.</exception>
    public static GrpcChannel Create(GrpcEndpoint endpoint, ClusterClientOptions options) => endpoint.CreateChannel(
        channel =>
        {
            channel.MaxReceiveMessageSize = Limits.MaxMessageBytes;
            channel.MaxSendMessageSize = Limits.MaxMessageBytes;
            if (channel.HttpHandler is SocketsHttpHandler handler)
            {
                handler.ActivityHeadersPropagator = null;
            }
        },
        endpoint.Address.Scheme == Uri.UriSchemeHttps ? Tls(options) : null);

    private static GrpcTls Tls(ClusterClientOptions options)
    {
        try
        {
            return new GrpcTls { Authorities = Authorities(options), Certificate = Certificate(options) };
        }
        catch (InvalidDataException exception)
        {
            throw new ClusterException($"{exception.Message} Correct the option of {nameof(ClusterClientOptions)} that names the file.", isTransient: false, exception);
        }
    }

    private static X509Certificate2Collection Authorities(ClusterClientOptions options) =>
        options.CertificateAuthority is { } authority ? [authority]
        : options.CertificateAuthorityFile is { } file ? CertificateFiles.ReadAuthorities(file)
        : [];

    private static SslStreamCertificateContext? Certificate(ClusterClientOptions options) =>
        options.ClientCertificate is { } certificate ? SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true)
        : options.ClientCertificateFile is { } file ? CertificateFiles.ReadWithKey(file, options.ClientKeyFile)
        : null;
}
