using System.Text.Json;
using Cluster.Client;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary>Jobs that nobody submitted, from the command line: those of programs that wait for them, and processes.</summary>
public sealed class RunningJobsTests : IAsyncLifetime
{
    private LocalCluster? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 }, Token);

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_map_is_listed_explained_and_cancelled()
    {
        await using var map = CliProcess.Start(
            "map", "--code", BuildOutput.Of("tests/Functions", "Cluster.TestFunctions.dll"), "--function", "Cluster.TestFunctions.Numbers.Square", "--name", "squares", "--address", _local!.Address);
        map.Input.AutoFlush = true;
        await map.Input.WriteLineAsync("3");
        Assert.Equal("9", await map.ReadLineAsync());

        var line = JsonSerializer.Deserialize<JsonElement>(Assert.Single((await RunAsync("jobs", "--json", "--kind", "stream")).Expect(0).Lines));
        var id = line.GetProperty("job").GetString()!;
        Assert.Equal(("squares", "running", 1), (line.GetProperty("name").GetString(), line.GetProperty("state").GetString(), line.GetProperty("completed").GetInt32()));
        Assert.Empty((await RunAsync("jobs", "--json", "--kind", "submitted")).Expect(0).Lines);
        Assert.Contains("Nothing of it runs: its caller has sent no further items", (await RunAsync("job", id)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("go to whoever made that", (await RunAsync("results", id)).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal("cancelled", (await RunAsync("cancel", id)).Expect(0).Output.Trim());
        Assert.Equal(1, await map.WaitForExitAsync());
        Assert.Contains("has cancelled the job", await map.ReadErrorAsync(), StringComparison.Ordinal);
        (await RunAsync("job", id)).Expect(4);
    }

    [Fact]
    public async Task A_job_that_no_node_may_run_says_so()
    {
        await using var map = CliProcess.Start(
            "map", "--code", BuildOutput.Of("tests/Functions", "Cluster.TestFunctions.dll"), "--function", "Cluster.TestFunctions.Numbers.Square", "--require", "gpu=a100", "--address", _local!.Address, "7");
        string listed;
        do
        {
            listed = (await RunAsync("jobs")).Expect(0).Output;
        }
        while (!listed.Contains("gpu=a100", StringComparison.Ordinal));

        Assert.Contains("stream", listed, StringComparison.Ordinal);
        Assert.Contains("gpu=a100", (await RunAsync("top")).Expect(0).Output, StringComparison.Ordinal);
        Signals.SendToGroup(map.Id, Signals.Interrupt);
        Assert.Equal(130, await map.WaitForExitAsync());
    }

    [Fact]
    public async Task A_process_is_shown_where_it_runs_and_can_be_ended()
    {
        var go = _local!.Client.Event();
        var process = await _local.Client.StartProcessAsync(WaitAsync, go, new ProcessOptions { Name = "sleeper" }, Token);
        var line = JsonSerializer.Deserialize<JsonElement>(Assert.Single((await RunAsync("jobs", "--json", "--kind", "process")).Expect(0).Lines));
        Assert.Equal(("sleeper", "node-1", process.Pid), (line.GetProperty("name").GetString(), line.GetProperty("node").GetString(), line.GetProperty("pid").GetInt32()));
        var id = line.GetProperty("job").GetString()!;
        Assert.Contains($"(process {process.Pid} on node-1)", (await RunAsync("job", id)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains($"sleeper (process {process.Pid} on node-1)", (await RunAsync("top")).Expect(0).Output, StringComparison.Ordinal);
        (await RunAsync("cancel", id)).Expect(0);
        await process.JoinAsync(TimeSpan.FromSeconds(30), Token);
        Assert.False(process.IsAlive);
        Assert.Empty((await RunAsync("jobs", "--json")).Expect(0).Lines);
    }

    private static Task WaitAsync(ClusterEvent go) => go.WaitAsync();

    private Task<CliResult> RunAsync(params string[] arguments) => CliProcess.RunAsync("", [.. arguments, "--address", _local!.Address]);
}
