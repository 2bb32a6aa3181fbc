using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cluster.Client;
using Cluster.Functional.Node;
using Cluster.Functional.Tls;
using Cluster.TestKit;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>Programs that leave their session and their parent still end with the worker that ran them.</summary>
public sealed class DetachingProgramTests : IAsyncLifetime
{
    // Some days, and which test's.
    private readonly string _seconds = string.Create(CultureInfo.InvariantCulture, $"{RandomNumberGenerator.GetInt32(1_000_000, 2_000_000)}.5");
    private CoordinatorProcess _coordinator = null!;
    private NodeProcess _node = null!;
    private ClusterClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux alone has a way to hold on to them.");
        _coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0", "--journal", "memory");
        _node = new NodeProcess(_coordinator.Address, "--allow-commands");
        await _node.ReadLineAsync(Token);
        _client = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _node.DisposeAsync();
        await _coordinator.DisposeAsync();
    }

    [Theory]
    [InlineData("setsid sleep {0} </dev/null >/dev/null 2>&1 & echo $PPID")]
    [InlineData("(setsid sh -c '(env -i sleep {0}; true) &' </dev/null >/dev/null 2>&1 &) ; echo $PPID")]
    public async Task A_worker_that_is_killed_takes_them_along(string script)
    {
        var worker = await LeaveBehindAsync(script);
        Signals.Send(worker, Signals.Kill);
        await WaitUntilGoneAsync();

        // The node goes on, with another worker.
        Assert.Equal(3, await _client.Submit(static x => x + 1, 2, cancellationToken: Token).Task.Within());
    }

    [Fact]
    public async Task So_does_one_that_ends_by_itself()
    {
        await LeaveBehindAsync("setsid sleep {0} </dev/null >/dev/null 2>&1 & echo $PPID", thenExit: true);
        await WaitUntilGoneAsync();
        Assert.Equal(3, await _client.Submit(static x => x + 1, 2, cancellationToken: Token).Task.Within());
    }

    [Fact]
    public async Task So_does_a_node_that_is_killed()
    {
        await LeaveBehindAsync("setsid sleep {0} </dev/null >/dev/null 2>&1 & echo $PPID");
        _node.Kill();
        await WaitUntilGoneAsync();
    }

    [Fact]
    public async Task And_one_that_leaves()
    {
        await LeaveBehindAsync("setsid sleep {0} </dev/null >/dev/null 2>&1 & echo $PPID");
        await _node.SignalAsync("TERM");
        Assert.Equal(0, await _node.WaitForExitAsync(Token));
        await WaitUntilGoneAsync();
    }

    // The program ends well, and what it has begun goes on.
    private async Task<int> LeaveBehindAsync(string script, bool thenExit = false)
    {
        var call = new CommandCall { Arguments = ["sh", "-c", string.Format(CultureInfo.InvariantCulture, script, _seconds)] };
        var result = await _client.Submit(CommandTask.RunAsync, call, cancellationToken: Token).Task.Within();
        Assert.Equal(0, result.ExitCode);
        var worker = int.Parse(Encoding.UTF8.GetString(result.Output), CultureInfo.InvariantCulture);
        await WaitUntilAsync(static any => any);
        if (thenExit)
        {
            // One for each worker: long enough that neither gets both. The other one has nothing against it.
            await _client.MapAsync(
                static pid =>
                {
                    if (Environment.ProcessId == pid)
                    {
                        Environment.Exit(7);
                    }

                    using var never = new ManualResetEventSlim();
                    return never.Wait(TimeSpan.FromMilliseconds(500), TaskContext.Current.CancellationToken);
                },
                [worker, worker],
                new MapOptions { ChunkSize = 1 },
                Token).Within();
        }

        return worker;
    }

    private Task WaitUntilGoneAsync() => WaitUntilAsync(static any => !any);

    // Nobody tells of the end of somebody else's process.
    private async Task WaitUntilAsync(Func<bool, bool> fits)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Token, deadline.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (!fits(IsAnyAlive()))
        {
            await timer.WaitForNextTickAsync(either.Token);
        }
    }

    private bool IsAnyAlive() => Directory.EnumerateDirectories("/proc").Any(folder =>
    {
        try
        {
            // That of a process which has ended is empty.
            return int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _) && File.ReadAllText(Path.Combine(folder, "cmdline")).StartsWith($"sleep\0{_seconds}\0", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
