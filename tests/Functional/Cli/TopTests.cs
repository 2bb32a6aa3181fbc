using System.Text.Json;
using Cluster.Client;
using Cluster.Functional.Restart;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary><c>cluster top</c>: on a terminal, into a pipe, and over a restart of the coordinator.</summary>
public sealed class TopTests : IAsyncLifetime
{
    private LocalCluster? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 }, Token);
        await _local.Client.PushAsync(BuildOutput.Of("samples/Functions", "samples.dll"), "samples", Token);
    }

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task On_a_terminal_it_is_drawn_over_itself_until_q()
    {
        var id = (await CliProcess.RunAsync("", "submit", "samples/wait", "60", "--name", "long", "--address", _local!.Address)).Expect(0).Output.Trim();
        await using var top = CliProcess.StartOnTerminal("TERM=xterm", "top", "--interval", "0.2", "--address", _local.Address);
        var first = await top.ReadUntilAsync("\e[J\e[H");
        Assert.Contains("\e[?1049h\e[?25l", first, StringComparison.Ordinal);
        Assert.Contains("\e[H\e[1mcluster top - ", first, StringComparison.Ordinal);
        Assert.Contains(id, first + await top.ReadUntilAsync("1 busy, 1 free"), StringComparison.Ordinal);
        await top.TypeAsync("xq");
        var rest = await top.Output.ReadToEndAsync(Token);
        Assert.Equal(0, await top.WaitForExitAsync());
        Assert.Contains("\e[?25h\e[?1049l", rest, StringComparison.Ordinal);
        (await CliProcess.RunAsync("", "cancel", id, "--address", _local.Address)).Expect(0);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_and_gives_the_terminal_back()
    {
        await using var top = CliProcess.StartOnTerminal("TERM=xterm NO_COLOR=1", "top", "--interval", "0.2", "--address", _local!.Address);
        var drawn = await top.ReadUntilAsync("\e[J\e[H");
        Assert.DoesNotContain("\e[1m", drawn, StringComparison.Ordinal);
        await top.TypeAsync("\x03");
        Assert.Contains("\e[?1049l", await top.Output.ReadToEndAsync(Token), StringComparison.Ordinal);
        Assert.Equal(130, await top.WaitForExitAsync());
    }

    [Fact]
    public async Task Where_there_is_no_terminal_it_is_one_plain_snapshot()
    {
        var top = (await CliProcess.RunAsync("", "top", "--address", _local!.Address)).Expect(0);
        Assert.DoesNotContain('\e', top.Output);
        Assert.StartsWith("cluster top - ", top.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1 node, 2 slots: ", top.Lines[1], StringComparison.Ordinal);
        Assert.Contains(top.Lines, static line => line.StartsWith("node-1  ready", StringComparison.Ordinal));
        var json = JsonSerializer.Deserialize<JsonElement>(Assert.Single((await CliProcess.RunAsync("", "top", "--once", "--json", "--address", _local.Address)).Expect(0).Lines));
        Assert.Equal(2, json.GetProperty("nodes")[0].GetProperty("slots").GetInt32());
        (await CliProcess.RunAsync("", "top", "--once", "--address", "http://127.0.0.1:1")).Expect(3);
    }

    [Fact]
    public async Task A_line_of_JSON_each_time_until_nobody_reads()
    {
        await using var top = CliProcess.Start("top", "--json", "--interval", "0.1", "--address", _local!.Address);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(_local.Address, JsonSerializer.Deserialize<JsonElement>(await top.ReadLineAsync()).GetProperty("address").GetString());
        }

        top.Output.Close();
        Assert.Equal(141, await top.WaitForExitAsync());
    }

    [Fact]
    public async Task It_waits_for_a_coordinator_that_is_started_again()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        await using var top = CliProcess.Start("top", "--json", "--interval", "0.1", "--address", cluster.Client.Address);
        var before = JsonSerializer.Deserialize<JsonElement>(await top.ReadLineAsync()).GetProperty("startedAt").GetDateTimeOffset();
        await cluster.StopAsync(Signals.Kill);
        while (!JsonSerializer.Deserialize<JsonElement>(await top.ReadLineAsync()).TryGetProperty("reconnecting", out _))
        {
            // Lines from before.
        }

        await cluster.StartAgainAsync();
        JsonElement line;
        do
        {
            line = JsonSerializer.Deserialize<JsonElement>(await top.ReadLineAsync());
        }
        while (line.TryGetProperty("reconnecting", out _));

        Assert.True(line.GetProperty("startedAt").GetDateTimeOffset() > before);
        Signals.SendToGroup(top.Id, Signals.Interrupt);
        Assert.Equal(130, await top.WaitForExitAsync());
    }
}
