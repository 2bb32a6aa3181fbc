using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

public sealed class CommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_version_goes_to_stdout() =>
        Assert.StartsWith("0.1.0", (await CliProcess.RunAsync("", "--version")).Expect(0).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("map", "--function")]
    [InlineData("up", "--workers")]
    [InlineData("push", "--name")]
    [InlineData("functions", "--forget")]
    [InlineData("nodes", "--json")]
    [InlineData("drain", "--grace")]
    [InlineData("token", "create")]
    [InlineData("exec", "--joblog")]
    [InlineData("submit", "--request-id")]
    [InlineData("jobs", "--state")]
    [InlineData("job", "--wait")]
    [InlineData("results", "--from")]
    [InlineData("cancel", "ID")]
    [InlineData("dict", "watch")]
    [InlineData("objects", "--kind")]
    [InlineData("top", "--interval")]
    [InlineData("completion", "bash")]
    [InlineData("coordinator", "--data-dir")]
    [InlineData("node", "--prefetch")]
    public async Task Every_command_has_a_help(string command, string expected) =>
        Assert.Contains(expected, (await CliProcess.RunAsync("", command, "--help")).Expect(0).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("no-such-command")]
    [InlineData("map")]
    [InlineData("up", "--nodes", "0")]
    [InlineData("up", "--workers", "many")]
    [InlineData("up", "--listen", "7070")]
    [InlineData("map", "--code", "app.dll", "--function", "N.T.M", "--workers", "-1", "1")]
    [InlineData("drain")]
    [InlineData("drain", "--grace", "-1", "node-1")]
    [InlineData("drain", "--grace", "soon", "node-1")]
    [InlineData("push")]
    [InlineData("submit")]
    [InlineData("job")]
    [InlineData("exec")]
    [InlineData("token", "create", "--role", "king")]
    [InlineData("token", "create", "--role", "read")]
    [InlineData("dict")]
    [InlineData("dict", "get", "name")]
    [InlineData("submit", "f", "--timeout", "NaN", "1")]
    [InlineData("exec", "--timeout", "1e300", "--", "true")]
    [InlineData("top", "--interval", "0")]
    [InlineData("jobs", "--kind", "odd")]
    [InlineData("completion", "csh")]
    [InlineData("up", "--keep-jobs-days", "-1")]
    [InlineData("up", "--max-running-jobs", "0")]
    [InlineData("coordinator", "--keep-jobs-mib", "0")]
    [InlineData("nodes", "--address", "somewhere")]
    [InlineData("nodes", "--address", "localhost:7070")]
    [InlineData("coordinator", "--no-such-option")]
    [InlineData("coordinator", "--token-file", "/no/such/file")]
    [InlineData("node", "--no-such-option")]
    public async Task A_command_line_that_makes_no_sense_is_bad_usage(params string[] arguments)
    {
        var error = (await CliProcess.RunAsync("", arguments)).Expect(2).Error;
        Assert.NotEqual("", error);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workers_are_those_of_a_local_cluster()
    {
        var result = await CliProcess.RunAsync("", "map", "--code", "app.dll", "--function", "N.T.M", "--workers", "2", "--address", "http://127.0.0.1:1", "1");

        Assert.Contains("--workers is for a local cluster; the one at http://127.0.0.1:1", result.Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_coordinator_is_told_apart()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var serving = AnswerWithHttp1Async(listener, stop.Token);
        var result = (await CliProcess.RunAsync("", "nodes", "--address", $"http://{listener.LocalEndpoint}")).Expect(3);
        Assert.Contains("HTTP/1.1", result.Error, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    [Fact]
    public async Task Coordinator_and_node_run_in_the_foreground_until_a_signal()
    {
        await using var coordinator = CliProcess.Start("coordinator", "--listen", "http://127.0.0.1:0");
        var ready = JsonSerializer.Deserialize<JsonElement>(await coordinator.ReadLineAsync());
        var address = ready.GetProperty("addresses")[0].GetString()!;

        await using var node = CliProcess.Start("node", "--coordinator", address, "--name", "mine", "--workers", "1");
        Assert.Equal("mine", JsonSerializer.Deserialize<JsonElement>(await node.ReadLineAsync()).GetProperty("node").GetString());

        foreach (var (process, signal) in new[] { (node, Signals.Interrupt), (coordinator, Signals.Terminate) })
        {
            Signals.SendToGroup(process.Id, signal);
            Assert.Equal(0, await process.WaitForExitAsync());
            await process.Mark.WaitUntilNoneIsLeftAsync(TimeSpan.FromSeconds(10), Token);
        }
    }

    private static async Task AnswerWithHttp1Async(TcpListener listener, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var connection = await listener.AcceptTcpClientAsync(cancellationToken);
            await connection.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
        }
    }
}
