using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Hosting.Tls;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosting;

/// <summary>Which options protect the cluster, and which only seem to.</summary>
public sealed class ExposureCheckTests
{
    private static readonly TlsOptions Tls = new("/c.pem");
    private static readonly TlsOptions Mutual = Tls with { ClientAuthorityFile = "/ca.pem" };

    [Fact]
    public void Strangers_are_kept_out_by_loopback_or_by_a_token()
    {
        Assert.Null(Refuse(null, null, "http://127.0.0.1:0", "unix:/tmp/a.sock"));
        Assert.Null(Refuse("t", null, "http://0.0.0.0:0"));
        Assert.Contains("http://0.0.0.0:0 can be reached", Refuse(null, null, "unix:/tmp/a.sock", "http://0.0.0.0:0"), StringComparison.Ordinal);
        Assert.Contains("cluster token create", Refuse(null, Mutual, "https://0.0.0.0:0"), StringComparison.Ordinal);
    }

    [Fact]
    public void TLS_and_certificates_go_together()
    {
        Assert.Null(Refuse(null, Tls, "https://127.0.0.1:0"));
        Assert.Null(Refuse("t", Tls, "https://0.0.0.0:0", "http://127.0.0.1:0"));
        Assert.Contains("Give --tls-certificate", Refuse(null, null, "http://127.0.0.1:0", "https://127.0.0.1:0"), StringComparison.Ordinal);
        Assert.Contains("no address uses it", Refuse(null, Tls, "http://127.0.0.1:0"), StringComparison.Ordinal);
    }

    [Fact]
    public void Mutual_TLS_leaves_no_way_around()
    {
        Assert.Null(Refuse("t", Mutual, "https://0.0.0.0:0", "http://127.0.0.1:0", "unix:/tmp/a.sock"));
        Assert.Contains("http://0.0.0.0:1 would need no certificate", Refuse("t", Mutual, "https://0.0.0.0:0", "http://0.0.0.0:1"), StringComparison.Ordinal);
    }

    private static string? Refuse(string? token, TlsOptions? tls, params string[] listen) =>
        ExposureCheck.Refuse(new CoordinatorOptions { Token = token, Tls = tls, Listen = [.. listen.Select(ListenAddress.Parse)] });
}
