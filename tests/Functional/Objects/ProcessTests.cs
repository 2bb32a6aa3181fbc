using System.Collections.Concurrent;
using Cluster.Client;
using Cluster.TestKit;
using Cluster.TestKit.Network;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Objects;

/// <summary>Processes of their own: <c>multiprocessing.Process</c>.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<OutputLine> _lines = new();
    private LocalCluster? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ClusterClient Client => _local!.Client;

    private ProcessOptions Quiet => new() { OnOutput = _lines.Enqueue };

    public async ValueTask InitializeAsync() => _local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 }, Token);

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_process_runs_beside_the_pool_and_ends_with_its_function()
    {
        await using var queue = Client.Queue<int>();
        var process = await Client.StartProcessAsync(ReportAsync, queue, Quiet, Token).Within();
        Assert.Equal(process.Pid, await queue.GetAsync(TimeSpan.FromSeconds(30), Token));
        Assert.True(await process.JoinAsync(cancellationToken: Token).Within());

        Assert.Equal((0, false), (process.ExitCode, process.IsAlive));
        Assert.Equal("Process-1", process.Name);
        await Gone(process.Pid).Within();
        Assert.NotEqual(process.Pid, await Client.Submit(() => Environment.ProcessId, cancellationToken: Token).Task.Within());
    }

    [Fact]
    public async Task Any_number_of_them_wait_for_each_other()
    {
        // Slots would run out: there is one.
        const int Count = 4;
        await using var barrier = Client.Barrier(Count);
        await using var order = Client.List<int>();
        var processes = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Client.StartProcessAsync(MeetAsync, barrier, order, i, Quiet, Token))).Within();
        foreach (var process in processes)
        {
            await process.JoinAsync(cancellationToken: Token).Within();
            Assert.Equal(0, process.ExitCode);
        }

        Assert.Equal(Enumerable.Range(0, Count), (await order.ToArrayAsync(Token)).Order());
        Assert.Equal(Count, processes.Select(static process => process.Pid).Distinct().Count());
    }

    [Theory]
    [InlineData(How.Return, 0)]
    [InlineData(How.Throw, 1)]
    [InlineData(How.Exit, 7)]
    [InlineData(How.ExitWithZero, 0)]
    [InlineData(How.Killed, -9)]
    public async Task It_says_how_it_ended(How how, int exitCode)
    {
        var process = await Client.StartProcessAsync(End, how, Quiet with { Name = "ending" }, Token).Within();
        await process.JoinAsync(cancellationToken: Token).Within();
        Assert.Equal(exitCode, process.ExitCode);
        if (how == How.Throw)
        {
            Assert.Contains(_lines, static line => line.IsError && line.Text.Contains("Process ending:", StringComparison.Ordinal));
            Assert.Contains(_lines, static line => line.IsError && line.Text.Contains("on purpose", StringComparison.Ordinal));
            Assert.Contains(_lines, static line => line.IsError && line.Text.Contains(nameof(End), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(true, -9)]
    [InlineData(false, -15)]
    public async Task It_can_be_ended(bool kill, int exitCode)
    {
        await using var running = Client.Event();
        var process = await Client.StartProcessAsync(SpinAsync, running, Quiet, Token).Within();
        await running.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.False(await process.JoinAsync(TimeSpan.FromMilliseconds(50), Token));
        Assert.True(process.IsAlive);
        Assert.Null(process.ExitCode);

        await (kill ? process.KillAsync() : process.TerminateAsync()).Within();
        Assert.Equal((exitCode, false), (process.ExitCode, process.IsAlive));
        await Gone(process.Pid).Within();
        await process.KillAsync();
    }

    [Fact]
    public async Task Its_lines_come_to_the_caller()
    {
        var process = await Client.StartProcessAsync(static (int n) => Console.WriteLine($"square {n * n}"), 7, Quiet, Token).Within();
        await process.JoinAsync(cancellationToken: Token).Within();
        var line = Assert.Single(_lines);
        Assert.Equal(("square 49", false, process.Pid, process.Node), (line.Text, line.IsError, line.WorkerPid, line.Node));
    }

    [Fact]
    public async Task A_client_waits_for_its_processes_unless_they_are_daemons()
    {
        var client = await ClusterClient.ConnectAsync(_local!.Address, cancellationToken: Token);
        await using var go = Client.Event();
        await using var running = Client.Event();
        var waiting = await client.StartProcessAsync(WaitAsync, go, Quiet, Token).Within();
        var daemon = await client.StartProcessAsync(SpinAsync, running, Quiet with { Daemon = true }, Token).Within();
        await running.WaitAsync(TimeSpan.FromSeconds(30), Token);
        var disposing = client.DisposeAsync().AsTask();
        Assert.True(waiting.IsAlive);
        Assert.False(disposing.IsCompleted);

        await go.SetAsync(Token);
        await disposing.Within();
        Assert.Equal(0, waiting.ExitCode);
        await Gone(daemon.Pid).Within();
    }

    [Fact]
    public async Task One_that_is_killed_from_outside_is_not_started_again()
    {
        await using var running = Client.Event();
        await using var starts = Client.Value(0);
        var process = await Client.StartProcessAsync(CountAndSpinAsync, running, starts, Quiet, Token).Within();
        await running.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Signals.Send(process.Pid, Signals.Terminate);
        await process.JoinAsync(cancellationToken: Token).Within();

        Assert.Equal(-Signals.Terminate, process.ExitCode);
        Assert.Equal(1, await starts.GetAsync(Token));
    }

    [Fact]
    public async Task One_whose_connection_breaks_is_not_started_again()
    {
        await using var proxy = new TcpFaultProxy(_local!.Address);
        await using var client = await ClusterClient.ConnectAsync(proxy.Address, cancellationToken: Token);
        await using var running = Client.Event();
        await using var starts = Client.Value(0);
        var process = await client.StartProcessAsync(CountAndSpinAsync, running, starts, Quiet, Token).Within();
        await running.WaitAsync(TimeSpan.FromSeconds(30), Token);
        proxy.Reset();

        var broken = await Assert.ThrowsAsync<ClusterException>(() => process.JoinAsync(cancellationToken: Token).Within());
        Assert.Contains("not started again", broken.Message, StringComparison.Ordinal);
        await Gone(process.Pid).Within();
        Assert.Equal((null, false), (process.ExitCode, process.IsAlive));
        Assert.Equal(1, await starts.GetAsync(Token));
    }

    private static async Task Gone(int pid)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (ProcessTable.IsAlive(pid))
        {
            await timer.WaitForNextTickAsync(Token);
        }
    }

    private static Task ReportAsync(ClusterQueue<int> queue) => queue.PutAsync(Environment.ProcessId);

    private static async Task MeetAsync(ClusterBarrier barrier, ClusterList<int> order, int number)
    {
        await barrier.WaitAsync();
        await order.AppendAsync(number);
    }

    private static void End(How how)
    {
        switch (how)
        {
            case How.Throw:
                throw new InvalidOperationException("on purpose");
            case How.Exit:
                Environment.Exit(7);
                break;
            case How.ExitWithZero:
                Environment.Exit(0);
                break;
            case How.Killed:
                Signals.Send(Environment.ProcessId, Signals.Kill);
                break;
        }
    }

    private static async Task SpinAsync(ClusterEvent running)
    {
        await running.SetAsync();
        while (true)
        {
            Thread.SpinWait(1000);
        }
    }

    private static async Task CountAndSpinAsync(ClusterEvent running, ClusterValue<int> starts)
    {
        await starts.AddAsync(1);
        await SpinAsync(running);
    }

    private static Task WaitAsync(ClusterEvent go) => go.WaitAsync();

    public enum How
    {
        Return,
        Throw,
        Exit,
        ExitWithZero,
        Killed,
    }
}
