using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Grpc.Transport;

/// <summary>How a client secures its connections to <c>https://</c> addresses.</summary>
public sealed class GrpcTls
{
    /// <summary>The authorities whose certificates are trusted. Default: none, which stands for those that the system trusts.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>What the client shows of itself. Default: null, nothing.</summary>
    public SslStreamCertificateContext? Certificate { get; init; }

    /// <summary>Settings for a handler. A server that is not trusted fails the connection with <see cref="UntrustedCertificateException"/>.</summary>
    public SslClientAuthenticationOptions CreateOptions() => new()
    {
        ClientCertificateContext = Certificate,
        CertificateChainPolicy = Authorities.Count == 0 ? null : PolicyFor(Authorities),
        RemoteCertificateValidationCallback = static (stream, certificate, chain, errors) => errors == SslPolicyErrors.None
            ? true
            : throw new UntrustedCertificateException(
                CertificateProblem.Describe(certificate as X509Certificate2, chain, errors, (stream as SslStream)?.TargetHostName),
                CertificateProblem.IsUnknownIssuer(chain, errors)),
    };

    /// <summary>Trusts what these authorities have issued, and nothing else.</summary>
    public static X509ChainPolicy PolicyFor(X509Certificate2Collection authorities)
    {
        // Private authorities seldom publish what they have revoked; who steals a key is shut out by a new authority.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
