using Cluster.Node.Hosting;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class CommandLineTests
{
    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/home/me" };

    [Fact]
    public void Everything_but_the_coordinator_has_a_default()
    {
        var options = Parse("--coordinator", "http://c:7070");
        Assert.Equal("http://c:7070", options.Coordinator);
        Assert.Equal((6, 1, 6, 6), (options.Workers, options.Threads, options.Slots, options.Prefetch));
        Assert.Matches("^blade-[0-9a-f]{4}$", options.Name);
        Assert.Equal("/home/me/.cache/cluster/code", options.CacheDirectory);
        Assert.Null(options.Token);
        Assert.False(options.ExitWithParent);
    }

    [Fact]
    public void Every_option_is_read()
    {
        var options = Parse(
            "--coordinator", "unix:/c", "--name", "n", "--workers", "2", "--threads", "3", "--prefetch", "1", "--label", "gpu=yes", "--label", "zone=a=b",
            "--cache-dir", "/var/c", "--exit-with-parent");
        Assert.Equal(("n", 2, 3, 6, 1), (options.Name, options.Workers, options.Threads, options.Slots, options.Prefetch));
        Assert.Equal(new Dictionary<string, string> { ["gpu"] = "yes", ["zone"] = "a=b" }, options.Labels);
        Assert.Equal("/var/c", options.CacheDirectory);
        Assert.True(options.ExitWithParent);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("64", 64)]
    [InlineData("2048", 2048)]
    public void The_memory_of_workers_may_be_limited_or_not(string value, int limit)
    {
        Assert.Null(Parse("--coordinator", "http://c").WorkerMemoryMiB);
        Assert.Equal(limit, Parse("--coordinator", "http://c", "--worker-memory", value).WorkerMemoryMiB);
    }

    [Theory]
    [InlineData("25%", 1000, 250)]
    [InlineData("100%", 1000, 1000)]
    [InlineData("64", 100 << 20, 64 << 20)]
    [InlineData("64", 10 << 20, 10 << 20)]
    public void A_node_may_have_a_part_of_the_memory(string value, long there, long expected)
    {
        Assert.Equal(there, Parse("--coordinator", "http://c").Memory.Of(there));
        Assert.Equal(expected, Parse("--coordinator", "http://c", "--memory", value).Memory.Of(there));
    }

    [Theory]
    [InlineData("http://127.0.0.1:7071", "127.0.0.1:7071")]
    [InlineData("http://localhost:7071", "127.0.0.1:7071")]
    [InlineData("http://0.0.0.0:7071", "0.0.0.0:7071")]
    [InlineData("http://*:7071", "[::]:7071")]
    [InlineData("http://[::1]:7071", "[::1]:7071")]
    public void The_status_may_be_told_on_a_port_of_its_own(string address, string endPoint)
    {
        Assert.Null(Parse("--coordinator", "http://c").StatusListen);
        Assert.Equal(endPoint, Parse("--coordinator", "http://c", "--status-listen", address).StatusListen!.ToString());
    }

    [Fact]
    public void The_token_comes_from_the_environment_and_stays_out_of_texts()
    {
        _environment["CLUSTER_TOKEN"] = "secret";
        var options = Parse("--coordinator", "http://c");
        Assert.Equal("secret", options.Token);
        Assert.DoesNotContain("secret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--workers", "0")]
    [InlineData("--workers", "two")]
    [InlineData("--prefetch", "-1")]
    [InlineData("--max-tasks-per-worker", "0")]
    [InlineData("--memory", "63")]
    [InlineData("--memory", "0%")]
    [InlineData("--memory", "101%")]
    [InlineData("--memory", "%")]
    [InlineData("--worker-memory", "63")]
    [InlineData("--worker-memory", "-1")]
    [InlineData("--label", "gpu")]
    [InlineData("--label", "=x")]
    [InlineData("--token-file", "/does/not/exist")]
    [InlineData("--status-listen", "https://127.0.0.1:1")]
    [InlineData("--status-listen", "there")]
    [InlineData("--log-format", "xml")]
    [InlineData("--colour", "red")]
    [InlineData("--tls-ca", "/ca.pem")]
    public void What_makes_no_sense_is_refused_by_name(string option, string value)
    {
        var exception = Assert.Throws<UsageException>(() => Parse("--coordinator", "http://c", option, value));
        Assert.Contains(option == "--token-file" ? value : option, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TLS_needs_an_https_address_and_files_that_can_be_read()
    {
        Assert.Null(Parse("--coordinator", "https://c").Tls);
        Assert.Contains("--tls-certificate", Assert.Throws<UsageException>(() => Parse("--coordinator", "https://c", "--tls-key", "/k")).Message, StringComparison.Ordinal);
        foreach (var option in (string[])["--tls-ca", "--tls-certificate"])
        {
            Assert.Contains("/no.pem", Assert.Throws<UsageException>(() => Parse("--coordinator", "https://c", option, "/no.pem")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_value_or_coordinator_is_refused()
    {
        Assert.Contains("--name", Assert.Throws<UsageException>(() => Parse("--coordinator", "http://c", "--name")).Message, StringComparison.Ordinal);
        Assert.Contains("--coordinator", Assert.Throws<UsageException>(() => Parse()).Message, StringComparison.Ordinal);
    }

    private NodeOptions Parse(params string[] arguments) =>
        new CommandLine(_environment.GetValueOrDefault, processors: 6, host: "blade", new Random(1)).Parse(arguments);
}
