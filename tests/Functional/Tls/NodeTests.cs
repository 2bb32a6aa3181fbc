using Cluster.Client;
using Cluster.Functional.Node;
using Xunit;

namespace Cluster.Functional.Tls;

/// <summary>The node daemon at the door of a coordinator that is a process of its own.</summary>
[Collection(nameof(SecureCoordinators))]
public sealed class NodeTests(SecureCoordinators coordinators)
{
    private const int Refused = 3;
    private const int BadUsage = 2;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string[] Good => ["--tls-ca", coordinators.Authority.File, "--token-file", coordinators.TokenFile];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_attaches_and_a_job_runs_over_TLS(bool mutual)
    {
        using var authority = new TestKit.Certificates.TestAuthority("Authority of One Test");
        var server = authority.IssueServer("127.0.0.1");
        var client = authority.IssueClient("alice");
        string[] asksForMore = mutual ? ["--tls-client-ca", authority.File] : [];
        string[] showsMore = mutual ? ["--tls-certificate", client.File, "--tls-key", client.KeyFile] : [];
        await using var coordinator = await CoordinatorProcess.StartAsync(
            ["--listen", "https://127.0.0.1:0", "--tls-certificate", server.File, "--tls-key", server.KeyFile, "--token-file", coordinators.TokenFile, .. asksForMore]);
        await using var node = new NodeProcess(
            coordinator.Address, ["--name", "secure", "--tls-ca", authority.File, "--token-file", coordinators.TokenFile, "--exit-with-parent", .. showsMore]);
        var attached = await node.ReadLineAsync(Token);
        Assert.True(attached is not null, attached is null ? $"It ended, and said: {await node.StandardError}" : null);
        await using var cluster = await ClusterClient.ConnectAsync(
            coordinator.Address,
            new ClusterClientOptions
            {
                CertificateAuthorityFile = authority.File,
                ClientCertificateFile = mutual ? client.File : null,
                ClientKeyFile = mutual ? client.KeyFile : null,
                TokenFile = coordinators.TokenFile,
            },
            Token);

        // Its code is uploaded by the client and downloaded by the node, over TLS too.
        int[] squares = await cluster.MapAsync(x => x * x, Enumerable.Range(1, 4), cancellationToken: Token);
        Assert.Equal([1, 4, 9, 16], squares);
        Assert.Equal("secure", Assert.Single(await cluster.NodesAsync(Token)).Name);

        node.CloseStandardInput();
        var ended = await node.WaitForExitAsync(Token);
        Assert.True(ended == 0, $"It ended with {ended}, and said: {await node.StandardError}");
    }

    [Fact]
    public Task Another_authority_ends_it_with_issuer_and_remedy() => EndsAsync(
        Refused, coordinators.Secure, ["--tls-ca", coordinators.Stranger.File], "issued by 'CN=Cluster Test Intermediate', is refused: none of the authorities", "--tls-ca");

    [Fact]
    public Task A_certificate_for_another_name_ends_it_with_both_names() => EndsAsync(
        Refused, coordinators.Secure.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), Good, "it is for 127.0.0.1, not for 'localhost'");

    [Fact]
    public Task Mutual_TLS_ends_one_without_a_certificate() => EndsAsync(
        Refused, coordinators.Mutual, Good, "requires a client certificate", "No certificate was shown", "--tls-certificate and --tls-key");

    [Fact]
    public async Task Mutual_TLS_ends_one_with_a_strangers_certificate()
    {
        var stranger = coordinators.Stranger.IssueClient("mallory");
        await EndsAsync(
            Refused, coordinators.Mutual, [.. Good, "--tls-certificate", stranger.File, "--tls-key", stranger.KeyFile], "'CN=mallory', issued by 'CN=Some Other Authority'");
    }

    [Fact]
    public Task A_missing_token_ends_it() => EndsAsync(
        Refused, coordinators.Secure, ["--tls-ca", coordinators.Authority.File], "does not accept the token", "--token-file");

    [Fact]
    public async Task A_wrong_token_ends_it()
    {
        await EndsAsync(
            Refused,
            coordinators.Secure,
            ["--tls-ca", coordinators.Authority.File, "--token-file", await WrongTokenAsync()],
            "The token is not one of this coordinator's");
    }

    [Fact]
    public Task Http_to_a_port_with_TLS_ends_it() => EndsAsync(
        Refused, coordinators.Secure.Replace("https:", "http:", StringComparison.Ordinal), ["--token-file", coordinators.TokenFile], "speaks TLS: use an https:// address");

    [Fact]
    public Task Https_to_a_port_without_TLS_ends_it() => EndsAsync(
        Refused, coordinators.Plain.Replace("http:", "https:", StringComparison.Ordinal), Good, "does not speak TLS", "Use an http:// address");

    [Fact]
    public Task Options_of_TLS_without_TLS_are_bad_usage() => EndsAsync(BadUsage, coordinators.Plain, Good, "would not be protected");

    [Fact]
    public Task A_file_without_a_certificate_is_bad_usage() => EndsAsync(
        BadUsage, coordinators.Secure, ["--tls-ca", coordinators.TokenFile], coordinators.TokenFile, "holds no certificate");

    private static async Task EndsAsync(int exitCode, string address, string[] options, params string[] expected)
    {
        await using var node = new NodeProcess(address, options);
        var ended = await node.WaitForExitAsync(Token);
        var error = await node.StandardError;
        Assert.True(ended == exitCode, $"It ended with {ended}, and said: {error}");
        Assert.All(expected, text => Assert.Contains(text, error, StringComparison.Ordinal));
        Assert.DoesNotContain(SecureCoordinators.Token, error, StringComparison.Ordinal);
    }

    private async Task<string> WrongTokenAsync()
    {
        var file = Path.Combine(Path.GetDirectoryName(coordinators.Stranger.File)!, "token");
        await File.WriteAllTextAsync(file, "0pen-sesame", Token);
        return file;
    }
}
