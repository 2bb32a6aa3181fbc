using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Cluster.Client;

/// <summary>How to connect to a cluster. Immutable; use <c>with</c> to vary it.</summary>
public sealed record ClusterClientOptions
{
    /// <summary>The cluster's token. Default (null): that of <see cref="TokenFile"/>, else the environment variable <c>CLUSTER_TOKEN</c>, else none.</summary>
    public string? Token { get; init; }

    /// <summary>Path of a file that holds the token; white space around it does not count. Ignored where <see cref="Token"/> is set.</summary>
    public string? TokenFile { get; init; }

    /// <summary>How long to keep dialling an address where nothing listens, or nothing answers. Default 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 24 days.</exception>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = OptionCheck.Timeout(value, nameof(ConnectTimeout));
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a job goes on dialling when its connection breaks, or when there is no coordinator to open it, before it fails with
    /// <see cref="ClusterUnavailableException"/>. A coordinator that is back in time costs a pause: what was not answered runs again, and every item is answered once.
    /// Counted from the break; zero: never dial again. Default 60 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 24 days.</exception>
    public TimeSpan ReconnectTimeout
    {
        get;
        init => field = OptionCheck.Timeout(value, nameof(ReconnectTimeout));
    } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long work may wait without any node that may run it, before it fails with <see cref="ClusterUnavailableException"/>.
    /// Default 60 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 24 days.</exception>
    public TimeSpan NoNodesTimeout
    {
        get;
        init => field = OptionCheck.Timeout(value, nameof(NoNodesTimeout));
    } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// For <c>https://</c> addresses: the authority that issued the coordinator's certificate. Default (null): those in
    /// <see cref="CertificateAuthorityFile"/>, else those that the system trusts.
    /// </summary>
    public X509Certificate2? CertificateAuthority { get; init; }

    /// <summary>Path of a PEM file with the certificates of one or several such authorities. Ignored where <see cref="CertificateAuthority"/> is set.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>
    /// For <c>https://</c> addresses: the certificate that this client shows to a coordinator that asks for one. Default (null): that in
    /// <see cref="ClientCertificateFile"/>, else none.
    /// </summary>
    /// <exception cref="ArgumentException">It lacks its private key.</exception>
    public X509Certificate2? ClientCertificate
    {
        get;
        init => field = value is null or { HasPrivateKey: true }
            ? value
            : throw new ArgumentException($"{nameof(ClientCertificate)} lacks its private key: load it with X509Certificate2.CreateFromPemFile, or from PKCS#12.", nameof(ClientCertificate));
    }

    /// <summary>
    /// Path of a PEM file with such a certificate; those that lead from it to its authority may follow in the file. Ignored where
    /// <see cref="ClientCertificate"/> is set.
    /// </summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>Path of a PEM file with the private key of <see cref="ClientCertificateFile"/>, without a password. Default (null): it is in that file too.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>Where to log. Default (null): nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Measures time; for tests. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    // A record prints its properties; the token must not get into logs that way.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(nameof(Token)).Append(" = ").Append(Token is null ? "null" : "***")
            .Append(", ").Append(nameof(TokenFile)).Append(" = ").Append(TokenFile)
            .Append(", ").Append(nameof(ConnectTimeout)).Append(" = ").Append(ConnectTimeout)
            .Append(", ").Append(nameof(ReconnectTimeout)).Append(" = ").Append(ReconnectTimeout)
            .Append(", ").Append(nameof(NoNodesTimeout)).Append(" = ").Append(NoNodesTimeout);
        return true;
    }
}
