using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Cluster.Coordinator.Hosting.Tls;

/// <summary>The coordinator's side of TLS, with its files read.</summary>
internal sealed class ServerTls
{
    private readonly SslStreamCertificateContext _certificate;
    private readonly X509ChainPolicy? _clients;

    private ServerTls(SslStreamCertificateContext certificate, X509ChainPolicy? clients)
    {
        _certificate = certificate;
        _clients = clients;
    }

    /// <summary>Reads the files.</summary>
    /// <exception cref="InvalidDataException">One cannot be read, or holds something else.</exception>
    public static ServerTls Read(TlsOptions options) => new(
        CertificateFiles.ReadWithKey(options.CertificateFile, options.KeyFile),
        options.ClientAuthorityFile is { } file ? GrpcTls.PolicyFor(CertificateFiles.ReadAuthorities(file)) : null);

    /// <summary>How Kestrel greets a connection.</summary>
    public TlsHandshakeCallbackOptions CreateHandshake() => new() { OnConnection = context => ValueTask.FromResult(Greet(context.Connection)) };

    /// <summary>
    /// The handshake admits every client and only notes what is wrong with its certificate, which <see cref="ClientCertificateMiddleware"/> tells it: Kestrel
    /// would close the connection without a word, and nobody could know why.
    /// </summary>
    private SslServerAuthenticationOptions Greet(ConnectionContext connection)
    {
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = _certificate };
        if (_clients is not null)
        {
            options.ClientCertificateRequired = true;
            options.CertificateChainPolicy = _clients;
#pragma warning disable CA5359 // What is wrong is noted, and no call passes the middleware with it.
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                ClientVerdict.Of(certificate as X509Certificate2, chain, errors).Note(connection);
                return true;
            };
#pragma warning restore CA5359
        }

        return options;
    }
}
