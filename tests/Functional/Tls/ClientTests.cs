using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Tls;

/// <summary>The SDK at the door of a coordinator that is a process of its own.</summary>
[Collection(nameof(SecureCoordinators))]
public sealed class ClientTests(SecureCoordinators coordinators)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ClusterClientOptions Good => new() { CertificateAuthority = coordinators.Authority.Certificate, Token = SecureCoordinators.Token };

    [Fact]
    public async Task The_authority_and_the_token_open_the_door()
    {
        await using var byObject = await ClusterClient.ConnectAsync(coordinators.Secure, Good, Token);
        await using var byFile = await ClusterClient.ConnectAsync(
            coordinators.Secure,
            new ClusterClientOptions { CertificateAuthorityFile = coordinators.Authority.File, TokenFile = coordinators.TokenFile },
            Token);

        Assert.StartsWith("https://", byObject.Address, StringComparison.Ordinal);
        Assert.Empty(await byObject.NodesAsync(Token));
        Assert.Empty(await byFile.NodesAsync(Token));
    }

    [Fact]
    public async Task Another_authority_is_refused_with_issuer_and_remedy()
    {
        var refused = await RefusedAsync(coordinators.Secure, Good with { CertificateAuthority = coordinators.Stranger.Certificate });

        Assert.Contains("is not trusted", refused, StringComparison.Ordinal);
        Assert.Contains("issued by 'CN=Cluster Test Intermediate', is refused: none of the authorities that are trusted has issued it", refused, StringComparison.Ordinal);
        Assert.Contains("CertificateAuthority", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_authority_those_of_the_system_count()
    {
        var refused = await RefusedAsync(coordinators.Secure, Good with { CertificateAuthority = null });

        Assert.Contains("none of the authorities that are trusted has issued it", refused, StringComparison.Ordinal);
        Assert.Contains("Set ClusterClientOptions.CertificateAuthority", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_with_both_names()
    {
        var refused = await RefusedAsync(coordinators.Secure.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), Good);

        Assert.Contains("it is for 127.0.0.1, not for 'localhost'", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("CertificateAuthority", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_as_such()
    {
        var expired = coordinators.Authority.IssueExpired("127.0.0.1");
        await using var coordinator = await CoordinatorProcess.StartAsync(
            "--listen", "https://127.0.0.1:0", "--tls-certificate", expired.File, "--tls-key", expired.KeyFile);

        var refused = await RefusedAsync(coordinator.Address, Good);

        Assert.Contains("is not valid at this time", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("CertificateAuthority", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_and_none_get_their_own_errors()
    {
        var wrong = await RefusedAsync(coordinators.Secure, Good with { Token = "0pen-sesame" });
        var none = await RefusedAsync(coordinators.Secure, Good with { Token = null });

        Assert.Contains("The token is not one of this coordinator's", wrong, StringComparison.Ordinal);
        Assert.Contains("This coordinator requires a token", none, StringComparison.Ordinal);
        Assert.All([wrong, none], message => Assert.Contains("Set ClusterClientOptions.Token", message, StringComparison.Ordinal));
        Assert.DoesNotContain("0pen", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_opens_a_door_with_mutual_TLS_again_and_again()
    {
        var issued = coordinators.Authority.IssueClient("alice");
        using var certificate = issued.Load();

        // Later connections may resume the TLS session of an earlier one.
        for (var i = 0; i < 3; i++)
        {
            await using var byObject = await ClusterClient.ConnectAsync(coordinators.Mutual, Good with { ClientCertificate = certificate }, Token);
            Assert.Empty(await byObject.NodesAsync(Token));
        }

        await using var byFile = await ClusterClient.ConnectAsync(
            coordinators.Mutual, Good with { ClientCertificateFile = issued.File, ClientKeyFile = issued.KeyFile }, Token);
        Assert.Empty(await byFile.NodesAsync(Token));
    }

    [Fact]
    public async Task A_client_certificate_may_come_through_an_intermediate_authority()
    {
        using var intermediate = coordinators.Authority.IssueAuthority("Cluster Test Intermediate for Clients");
        var issued = intermediate.IssueClient("alice");

        await using var client = await ClusterClient.ConnectAsync(
            coordinators.Mutual, Good with { ClientCertificateFile = issued.File, ClientKeyFile = issued.KeyFile }, Token);
        Assert.Empty(await client.NodesAsync(Token));
    }

    [Fact]
    public async Task Mutual_TLS_refuses_a_client_without_a_certificate()
    {
        var refused = await RefusedAsync(coordinators.Mutual, Good);

        Assert.Contains("requires a client certificate", refused, StringComparison.Ordinal);
        Assert.Contains("No certificate was shown", refused, StringComparison.Ordinal);
        Assert.Contains("Set ClusterClientOptions.ClientCertificate", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("oken", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mutual_TLS_refuses_a_strangers_certificate_and_one_for_servers()
    {
        using var stranger = coordinators.Stranger.IssueClient("mallory").Load();
        using var server = coordinators.Authority.IssueServer("mallory").Load();

        var untrusted = await RefusedAsync(coordinators.Mutual, Good with { ClientCertificate = stranger });
        var misused = await RefusedAsync(coordinators.Mutual, Good with { ClientCertificate = server });

        Assert.Contains(
            "'CN=mallory', issued by 'CN=Some Other Authority', is refused: none of the authorities that are trusted has issued it", untrusted, StringComparison.Ordinal);
        Assert.Contains("was not issued for this use", misused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_client_certificate_does_not_stand_in_for_the_token()
    {
        using var certificate = coordinators.Authority.IssueClient("alice").Load();

        var refused = await RefusedAsync(coordinators.Mutual, Good with { ClientCertificate = certificate, Token = "wrong" });

        Assert.Contains("The token is not one of this coordinator's", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_to_a_port_with_TLS_and_https_to_one_without_are_told_apart()
    {
        var wantsTls = await RefusedAsync(coordinators.Secure.Replace("https:", "http:", StringComparison.Ordinal), Good);
        var hasNone = await RefusedAsync(coordinators.Plain.Replace("http:", "https:", StringComparison.Ordinal), Good);

        Assert.Contains("speaks TLS: use an https:// address", wantsTls, StringComparison.Ordinal);
        Assert.Contains("does not speak TLS. It speaks HTTP/2 without TLS. Use an http:// address", hasNone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_hold_no_certificate_are_named()
    {
        var issued = coordinators.Authority.IssueClient("alice");
        var other = coordinators.Authority.IssueClient("bob");
        (ClusterClientOptions Options, string File)[] wrong =
        [
            (new() { CertificateAuthorityFile = "/does/not/exist.pem" }, "/does/not/exist.pem"),
            (new() { CertificateAuthorityFile = coordinators.TokenFile }, coordinators.TokenFile),
            (new() { ClientCertificateFile = issued.File }, issued.File),
            (new() { ClientCertificateFile = issued.File, ClientKeyFile = other.KeyFile }, other.KeyFile),
        ];

        foreach (var (options, file) in wrong)
        {
            var exception = await Assert.ThrowsAsync<ClusterException>(() => ClusterClient.ConnectAsync(coordinators.Secure, options, Token));
            Assert.Contains(file, exception.Message, StringComparison.Ordinal);
            Assert.False(exception.IsTransient);
        }

        Assert.Throws<ArgumentException>(() => new ClusterClientOptions { ClientCertificate = coordinators.Authority.Certificate });
    }

    /// <summary>Refused at once, and for good.</summary>
    private static async Task<string> RefusedAsync(string address, ClusterClientOptions options)
    {
        // It does not matter how long: a refusal is no reason to dial again, and a test that waits for this would hang.
        var refused = await Assert.ThrowsAsync<ClusterUnavailableException>(
            () => ClusterClient.ConnectAsync(address, options with { ConnectTimeout = TimeSpan.FromHours(1) }, Token).WaitAsync(TimeSpan.FromSeconds(60), Token));
        Assert.False(refused.IsTransient);
        return refused.Message;
    }
}
