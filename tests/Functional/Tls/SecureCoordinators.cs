using Cluster.TestKit.Certificates;
using Xunit;

namespace Cluster.Functional.Tls;

/// <summary>Coordinators with and without TLS, for the tests that only knock at their doors.</summary>
[CollectionDefinition(nameof(SecureCoordinators))]
public sealed class SecureCoordinators : IAsyncLifetime, ICollectionFixture<SecureCoordinators>
{
    public const string Token = "open-sesame";

    private CoordinatorProcess[] _started = [];

    /// <summary>The authority of the cluster.</summary>
    public TestAuthority Authority { get; } = new("Cluster Test Authority");

    /// <summary>Somebody else's.</summary>
    public TestAuthority Stranger { get; } = new("Some Other Authority");

    /// <summary>A file with the token.</summary>
    public string TokenFile { get; } = Path.GetTempFileName();

    /// <summary>Speaks TLS and wants the token. Its certificate is for 127.0.0.1, and was issued through an intermediate authority.</summary>
    public string Secure { get; private set; } = "";

    /// <summary>Speaks TLS, and wants a client certificate and the token.</summary>
    public string Mutual { get; private set; } = "";

    /// <summary>Speaks no TLS, and wants nothing.</summary>
    public string Plain { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(TokenFile, Token);
        using var intermediate = Authority.IssueAuthority("Cluster Test Intermediate");
        var server = intermediate.IssueServer("127.0.0.1");
        string[] tls = ["--listen", "https://127.0.0.1:0", "--tls-certificate", server.File, "--tls-key", server.KeyFile, "--token-file", TokenFile];
        _started = await Task.WhenAll(
            CoordinatorProcess.StartAsync(tls),
            CoordinatorProcess.StartAsync([.. tls, "--tls-client-ca", Authority.File]),
            CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0"));
        (Secure, Mutual, Plain) = (_started[0].Address, _started[1].Address, _started[2].Address);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var coordinator in _started)
        {
            await coordinator.DisposeAsync();
        }

        File.Delete(TokenFile);
        Authority.Dispose();
        Stranger.Dispose();
    }
}
