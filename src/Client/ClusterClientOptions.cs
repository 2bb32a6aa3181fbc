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
    /// How long work may wait without any node that may run it, before it fails with <see cref="ClusterUnavailableException"/>.
    /// Default 60 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 24 days.</exception>
    public TimeSpan NoNodesTimeout
    {
        get;
        init => field = OptionCheck.Timeout(value, nameof(NoNodesTimeout));
    } = TimeSpan.FromSeconds(60);

    /// <summary>For <c>https://</c> addresses: the authority that signed the coordinator's certificate. Default (null): those that the system trusts.</summary>
    public X509Certificate2? CertificateAuthority { get; init; }

    /// <summary>For <c>https://</c> addresses: the certificate, with its private key, that this client shows. Default (null): none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

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
            .Append(", ").Append(nameof(NoNodesTimeout)).Append(" = ").Append(NoNodesTimeout);
        return true;
    }
}
