using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Cluster.Protocol;
using Grpc.Net.Client;
using Grpc.Transport;

namespace Cluster.Client.Connection;

/// <summary>Makes the gRPC channel to a coordinator.</summary>
internal static class ChannelFactory
{
    public static GrpcChannel Create(GrpcEndpoint endpoint, ClusterClientOptions options) => endpoint.CreateChannel(channel =>
    {
        channel.MaxReceiveMessageSize = Limits.MaxMessageBytes;
        channel.MaxSendMessageSize = Limits.MaxMessageBytes;
        if (channel.HttpHandler is SocketsHttpHandler handler)
        {
            handler.ActivityHeadersPropagator = null;
            handler.SslOptions = Tls(options);
        }
    });

    private static SslClientAuthenticationOptions Tls(ClusterClientOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.ClientCertificate is { } certificate)
        {
            tls.ClientCertificates = [certificate];
        }

        if (options.CertificateAuthority is { } authority)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { authority },
            };
        }

        return tls;
    }
}
