using Cluster.Client;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary>How commands end, each code of the table in docs/command-line.md with real processes and pipes.</summary>
public sealed class ExitCodeTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly string[] Square =
        ["map", "--code", BuildOutput.Of("tests/Functions", "Cluster.TestFunctions.dll"), "--function", "Cluster.TestFunctions.Numbers.Square"];

    private LocalCluster? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 }, Token);
        await _local.Client.PushAsync(BuildOutput.Of("samples/Functions", "samples.dll"), "samples", Token);
    }

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Zero_is_success()
    {
        (await RunAsync([.. Square, "1"])).Expect(0);
        (await RunAsync("submit", "samples/square", "1", "--wait")).Expect(0);
    }

    [Fact]
    public async Task One_is_an_item_that_failed_or_a_refusal()
    {
        (await RunAsync([.. Square, "--on-error", "collect", "99999999999"])).Expect(1);
        Assert.Contains("DivideByZero", (await RunAsync("job", (await RunAsync("submit", "samples/share", "0", "--wait")).Expect(1).Output.Trim())).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_is_a_command_line_or_an_item_that_makes_no_sense()
    {
        (await RunAsync("submit")).Expect(2);
        (await RunAsync([.. Square, "{"])).Expect(2);
        (await RunAsync("submit", "samples/power", "1")).Expect(2);
    }

    [Fact]
    public async Task Three_is_no_cluster()
    {
        // All at once: each dials for ten seconds.
        string[][] commands = [["nodes"], ["jobs"], ["job", "d1"], ["top"], ["objects"], ["functions"], [.. Square, "1"], ["dict", "list", "x"]];
        foreach (var result in await Task.WhenAll(commands.Select(static command => CliProcess.RunAsync("", [.. command, "--address", "http://127.0.0.1:1"]))))
        {
            result.Expect(3);
        }
    }

    [Fact]
    public async Task Four_is_something_that_is_not_there()
    {
        foreach (var command in new string[][] { ["job", "d0"], ["job", "job-999"], ["results", "d0"], ["cancel", "d0"], ["functions", "nothing"], ["dict", "get", "nothing", "k"], ["submit", "samples/nothing", "1"] })
        {
            (await RunAsync(command)).Expect(4);
        }
    }

    [Theory]
    [InlineData(Signals.Interrupt, 130)]
    [InlineData(Signals.Terminate, 143)]
    public async Task A_signal_is_128_and_its_number(int signal, int exitCode)
    {
        var id = (await RunAsync("submit", "samples/wait", "60")).Expect(0).Output.Trim();
        foreach (var command in new string[][] { ["job", id, "--wait"], ["results", id], ["top", "--json"], ["dict", "watch", "x"], Square })
        {
            await using var cli = CliProcess.Start([.. command, "--address", _local!.Address]);
            await WaitForConnectionAsync(cli);
            Signals.SendToGroup(cli.Id, signal);
            Assert.Equal(exitCode, await cli.WaitForExitAsync());
            await cli.Mark.WaitUntilNoneIsLeftAsync(Deadline, Token);
        }

        (await RunAsync("cancel", id)).Expect(0);
    }

    [Fact]
    public async Task Output_that_nobody_reads_is_128_and_SIGPIPE()
    {
        var id = (await RunAsync("submit", "samples/repeat", "--star", "[\"0123456789\",20000]", "[\"0123456789\",20000]", "--wait")).Expect(0).Output.Trim();
        // The reader has ended when the command begins.
        var script = $"exec {{pipe}}> >(true); wait $!; dotnet '{BuildOutput.Of("src/Cli", "cluster.dll")}' \"$@\" >&$pipe; echo $?";
        foreach (var command in new string[][] { ["nodes"], ["nodes", "--json"], ["jobs"], ["job", id], ["results", id], ["top"], ["functions", "--json"], ["--help"], ["completion", "bash"] })
        {
            string[] where = command[0] is "--help" or "completion" ? [] : ["--address", _local!.Address];
            await using var cli = CliProcess.StartProgram("bash", ["-c", script, "-", .. command, .. where]);
            var result = await cli.RunToEndAsync("");
            Assert.True(result.Output.Trim() == "141", $"{command[0]} ended with {result.Output.Trim()}: {result.Error}");
        }
    }

    // Before that it may not have got as far as to handle signals itself.
    private static async Task WaitForConnectionAsync(CliProcess cli)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Deadline);
        while (!cli.Mark.FindAlive().Keys.Any(IsConnected))
        {
            await look.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static bool IsConnected(int pid)
    {
        const int stateColumn = 3;
        const int inodeColumn = 9;
        try
        {
            var sockets = Directory.EnumerateFiles($"/proc/{pid}/fd").Select(static file => new FileInfo(file).LinkTarget).ToHashSet();
            return File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6")).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Any(columns => columns[stateColumn] == "01" && sockets.Contains($"socket:[{columns[inodeColumn]}]"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return false;
        }
    }

    private Task<CliResult> RunAsync(params string[] arguments) => CliProcess.RunAsync("", [.. arguments, "--address", _local!.Address]);
}
