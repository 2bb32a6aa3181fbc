using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Grpc.Transport;

/// <summary>Says why a peer's certificate is not trusted.</summary>
public static class CertificateProblem
{
    /// <summary>Describes it in one or two sentences.</summary>
    /// <param name="certificate">What the peer showed; null: nothing.</param>
    /// <param name="chain">How far it could be traced to an authority.</param>
    /// <param name="errors">What is wrong, by kind.</param>
    /// <param name="host">The name under which the peer was called; null: it called itself.</param>
    public static string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, string? host)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "No certificate was shown.";
        }

        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            reasons.AddRange((chain?.ChainStatus ?? []).Select(status => Describe(status, certificate)).Distinct());
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"it is for {Names(certificate)}, not for '{host}'");
        }

        return $"The certificate '{certificate.Subject}', issued by '{certificate.Issuer}', is refused: {(reasons.Count == 0 ? errors.ToString() : string.Join("; ", reasons))}.";
    }

    /// <summary>Whether all that is wrong is that no trusted authority has issued the certificate.</summary>
    /// <param name="chain">How far it could be traced to an authority.</param>
    /// <param name="errors">What is wrong, by kind.</param>
    public static bool IsUnknownIssuer(X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.RemoteCertificateChainErrors && chain is not null && chain.ChainStatus.All(IsUnknownIssuer);

    private static bool IsUnknownIssuer(X509ChainStatus status) => status.Status is X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot;

    private static string Describe(X509ChainStatus status, X509Certificate2 certificate) => status.Status switch
    {
        _ when IsUnknownIssuer(status) => "none of the authorities that are trusted has issued it",
        X509ChainStatusFlags.NotTimeValid => string.Create(
            CultureInfo.InvariantCulture,
            $"it, or one that it depends on, is not valid at this time (this one is from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u})"),
        X509ChainStatusFlags.NotValidForUsage => "it was not issued for this use (server or client authentication)",
        _ => $"{status.Status}, {status.StatusInformation.Trim().TrimEnd('.')}",
    };

    private static string Names(X509Certificate2 certificate)
    {
        string[] names = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())))];
        return names.Length == 0 ? "no host name at all (it has no subjectAltName)" : string.Join(", ", names);
    }
}
