using System.Security.Cryptography.X509Certificates;

namespace Cluster.TestKit.Certificates;

/// <summary>A certificate and its private key, in PEM files.</summary>
public sealed record IssuedCertificate(string File, string KeyFile)
{
    /// <summary>Both, as a program would load them.</summary>
    public X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(File, KeyFile);
}
