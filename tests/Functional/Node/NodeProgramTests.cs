using System.Text.Json;
using Cluster.Protocol.V1;
using Cluster.TestKit.Network;
using Grpc.Core;
using Xunit;

namespace Cluster.Functional.Node;

/// <summary>The node as a program: how it attaches, how it ends, and what it leaves behind (nothing).</summary>
public sealed class NodeProgramTests
{
    private const string Nobody = "http://127.0.0.1:1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_attaches_says_so_and_sends_heartbeats()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address, "--name", "blade \"7\"", "--threads", "3", "--label", "gpu=yes");
        var session = await coordinator.AcceptAsync(Token);

        Assert.Equal(("blade \"7\"", 6u, 6u), (session.Hello.Name, session.Hello.Slots, session.Hello.Prefetch));
        Assert.Equal("yes", session.Hello.Labels["gpu"]);
        Assert.Equal(node.Id, session.Hello.Pid);
        var line = JsonDocument.Parse((await node.ReadLineAsync(Token))!).RootElement;
        Assert.Equal(("blade \"7\"", node.Id, 2), (line.GetProperty("node").GetString(), line.GetProperty("pid").GetInt32(), line.GetProperty("workers").GetInt32()));
        var beat = await session.ReceiveAsync(NodeMessage.MessageOneofCase.Heartbeat, Token);
        Assert.Equal(beat.Heartbeat.Sequence + 1, (await session.ReceiveAsync(NodeMessage.MessageOneofCase.Heartbeat, Token)).Heartbeat.Sequence);
    }

    [Fact]
    public async Task It_dials_again_when_the_session_ends()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address);
        var first = await coordinator.AcceptAsync(Token);
        first.End();

        Assert.Equal(first.Hello.Name, (await coordinator.AcceptAsync(Token)).Hello.Name);
    }

    [Fact]
    public async Task It_dials_again_when_the_coordinator_falls_silent()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(lease: TimeSpan.FromMilliseconds(300));
        await using var node = new NodeProcess(coordinator.Address);
        var first = await coordinator.AcceptAsync(Token);

        Assert.Equal(first.Hello.Pid, (await coordinator.AcceptAsync(Token)).Hello.Pid);
    }

    [Fact]
    public async Task It_keeps_dialling_until_there_is_a_coordinator()
    {
        string address;
        await using (var gone = await ScriptedCoordinator.StartAsync())
        {
            address = gone.Address;
        }

        await using var node = new NodeProcess(address);
        await node.WorkersAsync(Token);
        await using var coordinator = await ScriptedCoordinator.StartAsync(port: new Uri(address).Port);
        Assert.Equal(node.Id, (await coordinator.AcceptAsync(Token)).Hello.Pid);
    }

    [Fact]
    public async Task SIGTERM_says_goodbye_and_ends_cleanly_without_orphans()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address);
        var session = await coordinator.AcceptAsync(Token);
        Assert.NotNull(await node.ReadLineAsync(Token));
        var workers = await node.WorkersAsync(Token);
        await node.SignalAsync("TERM");

        Assert.NotEmpty((await session.ReceiveAsync(NodeMessage.MessageOneofCase.Goodbye, Token)).Goodbye.Reason);
        session.End();
        Assert.Equal(0, await node.WaitForExitAsync(Token));
        await Task.WhenAll(workers.Select(worker => NodeProcess.WaitForEndAsync(worker, Token)));
    }

    [Fact]
    public async Task The_end_of_its_parent_ends_it_and_its_workers()
    {
        await using var node = new NodeProcess(Nobody, "--exit-with-parent");
        var workers = await node.WorkersAsync(Token);
        node.CloseStandardInput();

        Assert.Equal(0, await node.WaitForExitAsync(Token));
        await Task.WhenAll(workers.Select(worker => NodeProcess.WaitForEndAsync(worker, Token)));
    }

    [Fact]
    public async Task With_a_parent_SIGINT_is_the_parents_business()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address, "--exit-with-parent");
        var session = await coordinator.AcceptAsync(Token);
        await node.SignalAsync("INT");

        var sequence = (await session.ReceiveAsync(NodeMessage.MessageOneofCase.Heartbeat, Token)).Heartbeat.Sequence;
        Assert.True((await session.ReceiveAsync(NodeMessage.MessageOneofCase.Heartbeat, Token)).Heartbeat.Sequence > sequence);
        session.End();
        await coordinator.AcceptAsync(Token);
    }

    [Fact]
    public async Task A_node_that_is_killed_leaves_no_workers()
    {
        await using var node = new NodeProcess(Nobody);
        var workers = await node.WorkersAsync(Token);
        node.Kill();

        await Task.WhenAll(workers.Select(worker => NodeProcess.WaitForEndAsync(worker, Token)));
    }

    [Theory]
    [InlineData(StatusCode.FailedPrecondition, "node 0.1.0 speaks version 1, coordinator 9.0.0 understands version 9 only")]
    [InlineData(StatusCode.Unauthenticated, "--token-file")]
    [InlineData(StatusCode.Unimplemented, "not a coordinator")]
    public async Task A_refusal_ends_it_with_the_reason(StatusCode code, string expected)
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(new Status(code, code == StatusCode.FailedPrecondition ? expected : "no."));
        await using var node = new NodeProcess(coordinator.Address);

        Assert.Equal(3, await node.WaitForExitAsync(Token));
        Assert.Contains(expected, await node.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_its_version_and_ends()
    {
        await using var node = new NodeProcess(Nobody, "--version");

        Assert.Matches(@"^\d+\.\d+\.\d+(\+\w+)?$", await node.ReadLineAsync(Token));
        Assert.Equal(0, await node.WaitForExitAsync(Token));
    }

    [Fact]
    public async Task Its_log_may_be_JSON()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(new Status(StatusCode.Unauthenticated, "a \"token\", please."));
        await using var node = new NodeProcess(coordinator.Address, "--log-format", "json");
        Assert.Equal(3, await node.WaitForExitAsync(Token));

        var lines = (await node.StandardError).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var refused = Assert.Single(lines, line => line.GetProperty("LogLevel").GetString() == "Error");
        Assert.Contains("a \"token\", please.", refused.GetProperty("Message").GetString(), StringComparison.Ordinal);
        Assert.True(refused.GetProperty("Timestamp").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public async Task It_is_alive_always_and_ready_while_it_is_attached()
    {
        var port = FreePort.Find();
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address, "--status-listen", $"http://127.0.0.1:{port}");
        await coordinator.AcceptAsync(Token);
        Assert.NotNull(await node.ReadLineAsync(Token));
        var health = new StatusProbe(port);
        Assert.True(await health.IsWellAsync("ready", Token));
        Assert.True(await health.IsWellAsync("live", Token));
        Assert.True(await health.IsWellAsync("", Token));

        await coordinator.DisposeAsync();
        await health.WaitUntilAsync("ready", isWell: false, Token);
        Assert.True(await health.IsWellAsync("live", Token));
        await Assert.ThrowsAsync<RpcException>(() => health.IsWellAsync("no such service", Token));
    }

    [Fact]
    public async Task A_status_address_that_is_taken_ends_it_with_the_reason()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address, "--status-listen", coordinator.Address);

        Assert.Equal(1, await node.WaitForExitAsync(Token));
        Assert.Contains($"Nobody can be told at {coordinator.Address}", await node.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_tells_its_metrics_to_who_asks()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address, "--metrics-listen", "http://127.0.0.1:0");
        await coordinator.AcceptAsync(Token);
        var address = JsonDocument.Parse((await node.ReadLineAsync(Token))!).RootElement.GetProperty("metrics").GetString();
        using var http = new HttpClient();
        Assert.Equal("alive\n", await http.GetStringAsync($"{address}/healthz", Token));
        Assert.Equal("ready\n", await http.GetStringAsync($"{address}/readyz", Token));

        await node.WorkersAsync(Token);
        var lines = (await http.GetStringAsync($"{address}/metrics", Token)).Split('\n');
        Assert.Contains("cluster_node_slots 2", lines);
        Assert.Contains("cluster_node_attached 1", lines);
        Assert.Contains("cluster_node_workers_started_total 2", lines);
        Assert.Contains(lines, static line => line.StartsWith("cluster_node_memory_limit_bytes ", StringComparison.Ordinal) && line[^1] != '0');
        Assert.Contains(lines, static line => line.StartsWith("dotnet_gc_collections_total{", StringComparison.Ordinal));

        await coordinator.DisposeAsync();
        await WaitUntilAsync(async () =>
        {
            using var ready = await http.GetAsync($"{address}/readyz", Token);
            return ready.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable && await ready.Content.ReadAsStringAsync(Token) == "not attached\n";
        });
        Assert.Equal("alive\n", await http.GetStringAsync($"{address}/healthz", Token));
    }

    [Fact]
    public async Task An_address_for_metrics_that_is_taken_ends_it_with_the_reason()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address, "--metrics-listen", coordinator.Address);

        Assert.Equal(1, await node.WaitForExitAsync(Token));
        Assert.Contains($"Nobody can be told at {coordinator.Address}", await node.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_line_that_makes_no_sense_is_explained()
    {
        await using var node = new NodeProcess(Nobody, "--wrokers", "3");

        Assert.Equal(2, await node.WaitForExitAsync(Token));
        Assert.Contains("--wrokers", await node.StandardError, StringComparison.Ordinal);
        Assert.Contains("Usage:", await node.StandardError, StringComparison.Ordinal);
    }

    // Probes ask again and again, too.
    private static async Task WaitUntilAsync(Func<Task<bool>> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (!await isSo())
        {
            await timer.WaitForNextTickAsync(Token);
        }
    }
}
