using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.TestKit.Certificates;

/// <summary>An authority that issues certificates for a test, as PEM files in a folder that goes with it.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-certificates-");
    private readonly X509Certificate2 _certificate;
    private readonly string _chain;

    /// <param name="name">Common name.</param>
    public TestAuthority(string name)
        : this(name, parent: null)
    {
    }

    private TestAuthority(string name, TestAuthority? parent)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        if (parent is null)
        {
            _certificate = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
            _chain = "";
        }
        else
        {
            using var signed = request.Create(parent._certificate, Now.AddDays(-2), Now.AddDays(2), Serial());
            _certificate = signed.CopyWithPrivateKey(key);
            _chain = _certificate.ExportCertificatePem() + "\n" + parent._chain;
        }

        File = Write("authority.pem", _certificate.ExportCertificatePem());
    }

    /// <summary>Its certificate, in a file.</summary>
    public string File { get; }

    /// <summary>Its certificate, without its key.</summary>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(_certificate.RawData);

    /// <summary>An authority whose certificates are to be traced through it to this one.</summary>
    public TestAuthority IssueAuthority(string name) => new(name, this);

    /// <summary>A certificate for a server that is called by these names or addresses.</summary>
    public IssuedCertificate IssueServer(params string[] names) => Issue("server", ServerUse, names, Now.AddDays(1));

    /// <summary>The same, but it has expired.</summary>
    public IssuedCertificate IssueExpired(params string[] names) => Issue("server-of-yesterday", ServerUse, names, Now.AddDays(-1));

    /// <summary>A certificate for a client.</summary>
    public IssuedCertificate IssueClient(string name) => Issue(name, ClientUse, [], Now.AddDays(1));

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private static byte[] Serial() => RandomNumberGenerator.GetBytes(12);

    private IssuedCertificate Issue(string name, string use, string[] names, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (var entry in names)
            {
                if (IPAddress.TryParse(entry, out var address))
                {
                    alternatives.AddIpAddress(address);
                }
                else
                {
                    alternatives.AddDnsName(entry);
                }
            }

            request.CertificateExtensions.Add(alternatives.Build());
        }

        using var certificate = request.Create(_certificate, Now.AddDays(-2), until, Serial());
        var id = Guid.NewGuid().ToString("N");
        return new IssuedCertificate(
            Write($"{id}.pem", certificate.ExportCertificatePem() + "\n" + _chain),
            Write($"{id}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
