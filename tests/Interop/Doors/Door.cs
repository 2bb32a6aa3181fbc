using Cluster.TestKit.Certificates;

namespace Cluster.Interop.Doors;

/// <summary>A way into a cluster.</summary>
/// <param name="Address">Such as <c>https://127.0.0.1:7070</c>.</param>
/// <param name="Authority">The file of the authority that issued the coordinator's certificate; null: the door does not say.</param>
/// <param name="Certificate">What the caller shows of itself; null: nothing.</param>
/// <param name="AsksForTokens">Whether calls need a token.</param>
internal sealed record Door(string Address, string? Authority = null, IssuedCertificate? Certificate = null, bool AsksForTokens = false)
{
    /// <summary>Whether callers speak TLS.</summary>
    public bool IsSecure => Address.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>The address without the scheme.</summary>
    public string HostAndPort => Address[(Address.IndexOf("//", StringComparison.Ordinal) + 2)..];
}
