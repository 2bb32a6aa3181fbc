using Cluster.Client;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary>Progress bars: on terminals only, and out of the way of results.</summary>
public sealed class ProgressTests : IAsyncLifetime
{
    private LocalCluster? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2, AllowCommands = true }, Token);
        await _local.Client.PushAsync(BuildOutput.Of("samples/Functions", "samples.dll"), "samples", Token);
    }

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("exec", "--", "sleep", "{}", ":::", "0.4", "0.4", "0.4", "0.4")]
    [InlineData("submit", "samples/wait", "0.4", "0.4", "0.4", "0.4", "--wait")]
    public async Task On_a_terminal_there_is_a_bar_that_goes_at_the_end(params string[] command)
    {
        await using var cli = CliProcess.StartOnTerminal("TERM=xterm", WithAddress(command));
        var drawn = await cli.Output.ReadToEndAsync(Token);
        Assert.Equal(0, await cli.WaitForExitAsync());
        Assert.Contains("] ", drawn, StringComparison.Ordinal);
        Assert.Matches(@"\[#+\.+\]  \d\d% [123]/4, [0-9.]+/s, \d+:\d\d left", drawn);
        Assert.EndsWith("\r\e[K", drawn, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM=dumb", false)]
    [InlineData("TERM=xterm", true)]
    public async Task Results_and_the_bar_do_not_mix(string terminal, bool hasBar)
    {
        var id = (await CliProcess.RunAsync("", WithAddress("submit", "samples/wait", "0.3", "0.3", "0.6", "0.6"))).Expect(0).Output.Trim();
        await using var cli = CliProcess.StartOnTerminal(terminal, WithAddress("results", id));
        var drawn = await cli.Output.ReadToEndAsync(Token);
        Assert.Equal(0, await cli.WaitForExitAsync());
        Assert.Equal(hasBar, drawn.Contains("/4, ", StringComparison.Ordinal));
        Assert.Equal(hasBar, drawn.Contains("\e[K", StringComparison.Ordinal));
        Assert.Equal(["0.3", "0.3", "0.6", "0.6"], drawn.Replace("\r\n", "\n").Split('\n').Select(static line => line[(line.LastIndexOf('K') + 1)..]).Where(static line => line.Length is > 0 and < 5));
    }

    [Fact]
    public async Task Without_a_terminal_nothing_but_results_is_written()
    {
        var submitted = (await CliProcess.RunAsync("", WithAddress("submit", "samples/wait", "0.3", "--wait"))).Expect(0);
        Assert.Equal("", submitted.Error);
        var results = (await CliProcess.RunAsync("", WithAddress("results", submitted.Output.Trim()))).Expect(0);
        Assert.Equal(("0.3\n", ""), (results.Output, results.Error));
        Assert.Equal("", (await CliProcess.RunAsync("", WithAddress("exec", "--", "true", ":::", "1"))).Expect(0).Error);
    }

    private string[] WithAddress(params string[] command)
    {
        // Before the words of exec.
        var at = Array.IndexOf(command, "--") is >= 0 and var words ? words : command.Length;
        return [.. command[..at], "--address", _local!.Address, .. command[at..]];
    }
}
