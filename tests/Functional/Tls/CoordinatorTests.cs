using Cluster.Functional.Cli;
using Xunit;

namespace Cluster.Functional.Tls;

/// <summary>What the coordinator takes on its command line, and what the command line of its callers makes of it.</summary>
[Collection(nameof(SecureCoordinators))]
public sealed class CoordinatorTests(SecureCoordinators coordinators)
{
    [Fact]
    public async Task Options_that_do_not_go_together_end_it_with_the_reason()
    {
        var server = coordinators.Authority.IssueServer("127.0.0.1");
        var other = coordinators.Authority.IssueServer("127.0.0.1");
        string[] listen = ["--listen", "https://127.0.0.1:0"];
        (string[] Arguments, int ExitCode, string Expected)[] wrong =
        [
            (listen, 1, "needs a certificate. Give --tls-certificate"),
            ([.. listen, "--tls-key", server.KeyFile], 2, "go with --tls-certificate"),
            ([.. listen, "--tls-certificate", "/does/not/exist.pem"], 1, "/does/not/exist.pem cannot be read"),
            ([.. listen, "--tls-certificate", coordinators.TokenFile], 1, $"{coordinators.TokenFile} holds no certificate"),
            ([.. listen, "--tls-certificate", server.File], 1, "The private key"),
            ([.. listen, "--tls-certificate", server.File, "--tls-key", other.KeyFile], 1, "must be the key of that certificate"),
        ];

        foreach (var (arguments, expectedCode, expected) in wrong)
        {
            var (exitCode, error) = await CoordinatorProcess.RunAsync(arguments);
            Assert.True(exitCode == expectedCode, $"It ended with {exitCode}, and said: {error}");
            Assert.Contains(expected, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_command_line_connects_with_the_same_options()
    {
        var client = coordinators.Authority.IssueClient("alice");
        string[] trusts = ["nodes", "--token-file", coordinators.TokenFile, "--tls-ca", coordinators.Authority.File];

        (await CliProcess.RunAsync("", [.. trusts, "--address", coordinators.Mutual, "--tls-certificate", client.File, "--tls-key", client.KeyFile])).Expect(0);
        var refused = (await CliProcess.RunAsync("", [.. trusts, "--address", coordinators.Mutual])).Expect(3);
        var unprotected = (await CliProcess.RunAsync("", [.. trusts, "--address", coordinators.Plain])).Expect(2);

        Assert.Contains("--tls-certificate and --tls-key on the command line", refused.Error, StringComparison.Ordinal);
        Assert.Contains("would not be protected", unprotected.Error, StringComparison.Ordinal);
    }
}
