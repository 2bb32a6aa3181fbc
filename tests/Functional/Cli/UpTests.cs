using System.Text.Json;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

public sealed class UpTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Others_use_the_cluster_at_the_address_that_it_prints()
    {
        await using var up = StartUp("--nodes", "2", "--workers", "1");
        var address = await ReadAddressAsync(up);

        var nodes = (await CliProcess.RunAsync("", "nodes", "--json", "--address", address)).Expect(0);
        Assert.Equal(["node-1", "node-2"], nodes.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("name").GetString()));
        var table = (await CliProcess.RunAsync("", "nodes", "--address", address)).Expect(0);
        Assert.Contains("node-2", table.Output, StringComparison.Ordinal);

        var map = await CliProcess.RunAsync(
            "1\n2\n", "map", "--address", address, "--code", BuildOutput.Of("tests/Functions", "Cluster.TestFunctions.dll"), "--function", "Cluster.TestFunctions.Numbers.Square");
        Assert.Equal(["1", "4"], map.Expect(0).Lines);
    }

    [Theory]
    [InlineData(Signals.Interrupt, 130)]
    [InlineData(Signals.Terminate, 143)]
    public async Task A_signal_to_the_whole_group_ends_everything(int signal, int exitCode)
    {
        await using var up = StartUp();
        await ReadAddressAsync(up);
        Assert.True(up.Mark.FindAlive().Count >= 4, "The command, the coordinator, the node and a worker should run.");
        Signals.SendToGroup(up.Id, signal);
        Assert.Equal(exitCode, await up.WaitForExitAsync());
        await up.Mark.WaitUntilNoneIsLeftAsync(Deadline, Token);
    }

    [Fact]
    public async Task A_killed_command_leaves_no_process()
    {
        await using var up = StartUp();
        await ReadAddressAsync(up);
        Signals.Send(up.Id, Signals.Kill);
        await up.WaitForExitAsync();
        await up.Mark.WaitUntilNoneIsLeftAsync(Deadline, Token);
    }

    [Fact]
    public async Task A_running_map_ends_with_Ctrl_C()
    {
        await using var map = CliProcess.Start(
            "map", "--code", BuildOutput.Of("tests/Functions", "Cluster.TestFunctions.dll"), "--function", "Cluster.TestFunctions.Numbers.Square", "--workers", "1");
        map.Input.AutoFlush = true;
        await map.Input.WriteLineAsync("3");
        Assert.Equal("9", await map.ReadLineAsync());
        Signals.SendToGroup(map.Id, Signals.Interrupt);
        Assert.Equal(130, await map.WaitForExitAsync());
        await map.Mark.WaitUntilNoneIsLeftAsync(Deadline, Token);
    }

    [Fact]
    public async Task The_death_of_a_node_is_told()
    {
        await using var up = StartUp();
        await ReadAddressAsync(up);
        var node = up.Mark.FindAlive().Single(process => process.Value.Contains("Cluster.Node.dll", StringComparison.Ordinal));
        Signals.Send(node.Key, Signals.Kill);
        Assert.Equal(1, await up.WaitForExitAsync());
        Assert.Contains($"node-1 (process {node.Key}) has ended", await up.ReadErrorAsync(), StringComparison.Ordinal);
        await up.Mark.WaitUntilNoneIsLeftAsync(Deadline, Token);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_an_error_with_the_reason()
    {
        await using var up = StartUp();
        var address = await ReadAddressAsync(up);
        var second = (await CliProcess.RunAsync("", "up", "--listen", address)).Expect(1);
        Assert.Contains("in use", second.Error, StringComparison.Ordinal);
    }

    private static CliProcess StartUp(params string[] options)
    {
        string[] size = options.Length == 0 ? ["--workers", "1"] : options;
        return CliProcess.Start(["up", "--listen", "http://127.0.0.1:0", .. size]);
    }

    private static async Task<string> ReadAddressAsync(CliProcess up) =>
        JsonSerializer.Deserialize<JsonElement>(await up.ReadLineAsync()).GetProperty("address").GetString()!;
}
