using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grpc.Transport;

/// <summary>Certificates and keys in files of PEM text, as openssl and cert-manager write them.</summary>
public static class CertificateFiles
{
    /// <summary>Reads a certificate with its private key, ready to be shown to a peer.</summary>
    /// <param name="certificateFile">The certificate; those that lead from it to its authority may follow in the same file.</param>
    /// <param name="keyFile">Its private key, without a password; null: the key is in <paramref name="certificateFile"/> too.</param>
    /// <exception cref="InvalidDataException">A file cannot be read, or holds something else; the message names it.</exception>
    public static SslStreamCertificateContext ReadWithKey(string certificateFile, string? keyFile = null)
    {
        ArgumentNullException.ThrowIfNull(certificateFile);
        X509Certificate2Collection chain = ReadAll(certificateFile);
        X509Certificate2 leaf;
        try
        {
            leaf = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"The private key of the certificate in {certificateFile} cannot be read from {keyFile ?? certificateFile}: {e.Message} It must be the key of that certificate, in PEM, without a password.",
                e);
        }

        if (OperatingSystem.IsWindows())
        {
            // Its TLS takes no keys that were never stored.
            leaf = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
        }

        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    /// <summary>Reads the certificates of one or several authorities.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read, or holds no certificate; the message names it.</exception>
    public static X509Certificate2Collection ReadAuthorities(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return ReadAll(file);
    }

    private static X509Certificate2Collection ReadAll(string file)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The certificate file {file} cannot be read: {e.Message}", e);
        }

        return found.Count > 0
            ? found
            : throw new InvalidDataException($"The file {file} holds no certificate: it must be PEM text with -----BEGIN CERTIFICATE-----.");
    }
}
