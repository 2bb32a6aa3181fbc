using Cluster.Client;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary><c>cluster exec</c> with real programs.</summary>
public sealed class ExecTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-exec-test-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Items_behind_colons_in_order()
    {
        var run = (await CliProcess.RunAsync("", "exec", "--", "sh", "-c", "sleep 0.$((3-$1)); echo \"$1\"; echo e$1 >&2", "-", "{}", ":::", "0", "1", "2", "3")).Expect(0);
        Assert.Equal(["0", "1", "2", "3"], run.Lines);
        Assert.Equal(["e0", "e1", "e2", "e3"], run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Lines_of_stdin_by_place_and_as_input()
    {
        Assert.Equal(["a b!", "$HOME!"], (await CliProcess.RunAsync("a b\n$HOME\n", "exec", "--", "echo", "{}!")).Expect(0).Lines);
        Assert.Equal(["4", "6"], (await CliProcess.RunAsync("a b\n$HOME\n", "exec", "--stdin", "--", "wc", "-c")).Expect(0).Lines.Select(static line => line.Trim()));
        Assert.Equal(["x\ny", "z"], (await CliProcess.RunAsync("x\ny\0z\0", "exec", "-0", "--", "printf", "%s;")).Expect(0).Output.Split(';', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Combinations_tags_and_a_dry_run()
    {
        Assert.Equal(["echo '1 a'", "echo '1 b'", "echo '2 a'", "echo '2 b'"], (await CliProcess.RunAsync("", "exec", "--dry-run", "--", "echo", ":::", "1", "2", ":::", "a", "b")).Expect(0).Lines);
        Assert.Equal(["1\t1", "2\t2"], (await CliProcess.RunAsync("", "exec", "--tag", "--shell", "--", "echo {} | cat", ":::", "1", "2")).Expect(0).Lines);
    }

    [Fact]
    public async Task Failures_are_logged_and_run_again_when_the_run_is_taken_up()
    {
        var log = Path.Combine(_folder.FullName, "log");
        var good = Path.Combine(_folder.FullName, "good");
        string[] command = ["exec", "--joblog", log, "--env", $"GOOD={good}", "--", "sh", "-c", "echo $1; test -e $GOOD || test $1 != 2", "-", "{}", ":::", "1", "2", "3"];
        var first = (await CliProcess.RunAsync("", command)).Expect(1);
        Assert.Equal(["1", "2", "3"], first.Lines);
        Assert.Equal(["0", "1", "0"], Exits(log));

        await File.WriteAllTextAsync(good, "", Token);
        Assert.Equal(["2"], (await CliProcess.RunAsync("", [.. command[..3], "--resume-failed", .. command[3..]])).Expect(0).Lines);
        Assert.Equal(["0", "1", "0", "0"], Exits(log));
        Assert.Empty((await CliProcess.RunAsync("", [.. command[..3], "--resume", .. command[3..]])).Expect(0).Lines);
    }

    [Fact]
    public async Task Retries_timeouts_and_programs_that_are_not_there()
    {
        var count = Path.Combine(_folder.FullName, "count");
        (await CliProcess.RunAsync("", "exec", "--retries", "3", "--env", $"COUNT={count}", "--", "sh", "-c", "echo x >> $COUNT; test $(wc -l < $COUNT) -ge 3 -a {} = 1", ":::", "1")).Expect(0);
        Assert.Equal(3, (await File.ReadAllLinesAsync(count, Token)).Length);

        var late = (await CliProcess.RunAsync("", "exec", "--timeout", "0.5", "--", "sleep", ":::", "0", "600")).Expect(1);
        Assert.Contains("600", late.Error, StringComparison.Ordinal);
        var missing = (await CliProcess.RunAsync("", "exec", "--", "no-such-program-here", ":::", "1")).Expect(1);
        Assert.Contains("cannot start 'no-such-program-here'", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_may_end_it()
    {
        var run = (await CliProcess.RunAsync("", "exec", "--jobs", "1", "--halt", "soon,fail=1", "--", "sh", "-c", "echo {}; test {} != 2", ":::", "1", "2", "3", "4")).Expect(1);
        Assert.Equal(["1", "2"], run.Lines);
        var now = (await CliProcess.RunAsync("", "exec", "--jobs", "2", "--halt", "now,fail=1", "--", "sh", "-c", "test {} = 1 && exec sleep 600; exit 1", ":::", "1", "2")).Expect(1);
        Assert.Empty(now.Lines);
    }

    [Fact]
    public async Task A_cluster_whose_nodes_run_no_commands_says_so()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 }, Token);
        var refused = (await CliProcess.RunAsync("", "exec", "--address", local.Address, "--", "echo", ":::", "1")).Expect(3);
        Assert.Contains("cluster.commands=true", refused.Error, StringComparison.Ordinal);

        // Nor where somebody asks all the same.
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => local.Client.Submit(CommandTask.RunAsync, new CommandCall { Arguments = ["echo"] }, cancellationToken: Token).Task.Within());
        Assert.Contains("--allow-commands", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_as_tasks()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1, AllowCommands = true }, Token);
        var result = await local.Client.Submit(CommandTask.RunAsync, new CommandCall { Arguments = ["sh", "-c", "cat; pwd; echo $X >&2; kill -9 $$"], Input = [1, 2, 0, 255], Directory = "/", Environment = new Dictionary<string, string> { ["X"] = "y" } }, cancellationToken: Token).Task.Within();
        Assert.Equal((-9, "node-1"), (result.ExitCode, result.Node));
        Assert.Equal([1, 2, 0, 255, (byte)'/', (byte)'\n'], result.Output);
        Assert.Equal("y\n"u8.ToArray(), result.Error);

        var tooMuch = await Assert.ThrowsAnyAsync<Exception>(() => local.Client.Submit(CommandTask.RunAsync, new CommandCall { Arguments = ["yes"], MaxOutputBytes = 1000 }, cancellationToken: Token).Task.Within());
        Assert.Contains("more than 1000 bytes to its stdout", tooMuch.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec", "--", ":::", "1")]
    [InlineData("exec", "--resume", "--", "echo", ":::", "1")]
    [InlineData("exec", "--halt", "sometimes", "--", "echo", ":::", "1")]
    [InlineData("exec", "--timeout", "0", "--", "echo", ":::", "1")]
    [InlineData("exec", "--arg-file", "/no/such/file", "--", "echo")]
    [InlineData("exec", "--env", "X", "--", "echo", ":::", "1")]
    public async Task What_makes_no_sense_is_bad_usage(params string[] arguments) => (await CliProcess.RunAsync("", arguments)).Expect(2);

    private static string[] Exits(string log) => [.. File.ReadAllLines(log).Skip(1).OrderBy(static line => line.Split('\t')[0]).Select(static line => line.Split('\t')[6])];
}
