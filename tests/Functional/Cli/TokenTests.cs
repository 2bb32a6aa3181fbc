using Cluster.Client;
using Cluster.Functional.Tls;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary>Tokens as people make and use them: commands, files, and programs that show them.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-token-test-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Tokens => Path.Combine(_folder.FullName, "tokens");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_secret_is_long_and_never_the_same()
    {
        var one = (await CliProcess.RunAsync("", "token", "create")).Expect(0).Output.Trim();
        var other = (await CliProcess.RunAsync("", "token", "create")).Expect(0).Output.Trim();
        Assert.Equal(43, one.Length);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public async Task Those_of_a_file_do_what_their_roles_say()
    {
        var reader = await CreateAsync("read", "dashboard");
        var submitter = await CreateAsync("submit", "ci");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Tokens));
        }

        await using var coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0", "--token-file", Tokens, "--journal", "memory");
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { Token = submitter }, Token);
        await client.Dictionary<string, int>("limits").SetAsync("cpu", 4, cancellationToken: Token).Within();

        Assert.Equal("4", (await DictAsync(reader, "get", "limits", "cpu")).Expect(0).Output.Trim());
        Assert.Contains("'dashboard' has the role read", (await DictAsync(reader, "set", "limits", "cpu", "5")).Expect(3).Error, StringComparison.Ordinal);
        Assert.Equal("4", (await DictAsync(submitter, "get", "limits", "cpu")).Expect(0).Output.Trim());
        Assert.Contains("more than one word", (await CliProcess.RunAsync("", "nodes", "--address", coordinator.Address, "--token-file", Tokens)).Error, StringComparison.Ordinal);

        async Task<CliResult> DictAsync(string secret, string verb, params string[] arguments)
        {
            var file = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.token");
            await File.WriteAllTextAsync(file, secret, Token);
            return await CliProcess.RunAsync("", ["dict", verb, .. arguments, "--address", coordinator.Address, "--token-file", file]);
        }
    }

    [Fact]
    public async Task A_secret_for_everything_keeps_others_out_of_its_file()
    {
        await File.WriteAllTextAsync(Tokens, "for-everything-0123456789\n", Token);
        var refused = (await CliProcess.RunAsync("", "token", "create", "--role", "read", "--file", Tokens)).Expect(2);
        Assert.Contains("admin", refused.Error, StringComparison.Ordinal);
        Assert.Equal("for-everything-0123456789\n", await File.ReadAllTextAsync(Tokens, Token));
    }

    private async Task<string> CreateAsync(string role, string name) =>
        (await CliProcess.RunAsync("", "token", "create", "--role", role, "--name", name, "--file", Tokens)).Expect(0).Output.Trim();
}
