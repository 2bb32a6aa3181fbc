using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary><c>--csharp</c> of <c>cluster map</c> and <c>cluster submit</c>.</summary>
public sealed class LambdaTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_map_starts_a_cluster_of_its_own()
    {
        var result = (await CliProcess.RunAsync("", "map", "--quiet", "--csharp", "(int x) => x * x", "1", "2", "3")).Expect(0);
        Assert.Equal(("1\n4\n9\n", ""), (result.Output, result.Error));
    }

    [Fact]
    public async Task A_map_and_a_job_run_on_the_cluster_that_is_there()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 }, Token);
        Task<CliResult> RunAsync(string input, params string[] arguments) => CliProcess.RunAsync(input, [.. arguments, "--address", local.Address]);

        // Lazily, however many lines there are; text needs no quotes.
        var lines = string.Concat(Enumerable.Range(0, 10_000).Select(static i => $"line {i}\n"));
        Assert.Equal(Enumerable.Range(0, 10_000).Select(static i => $"\"{i}\""), (await RunAsync(lines, "map", "--csharp", "(string s) => s.Split(' ')[1]")).Expect(0).Lines);
        Assert.Equal(["[3,2]"], (await RunAsync("", "map", "--csharp", "(int x, int y) => (x + y, x * y)", "--star", "[1,2]")).Expect(0).Lines);
        Assert.Equal(["null"], (await RunAsync("", "map", "--csharp", "(int x) => { }", "1")).Expect(0).Lines);

        var id = (await RunAsync("", "submit", "--csharp", "(int x) => x + 1", "1", "2")).Expect(0).Output.Trim();
        Assert.Equal(["2", "3"], (await RunAsync("", "results", id)).Expect(0).Lines);
        Assert.Equal(["2", "3"], (await RunAsync("", "results", (await RunAsync("1\n2\n", "submit", "--csharp", "(int x) => x + 1")).Expect(0).Output.Trim())).Expect(0).Lines);
        Assert.Contains("csharp-", (await RunAsync("", "jobs")).Expect(0).Output, StringComparison.Ordinal);

        var refused = (await RunAsync("", "map", "--csharp", "(int x) =>\n  x + y", "1")).Expect(2);
        Assert.Equal(("", "cluster: `csharp` does not compile: line 2, column 7: CS0103: The name 'y' does not exist in the current context\n"), (refused.Output, refused.Error));
        Assert.Contains("line 1, column 1: Say of which type x is", (await RunAsync("", "submit", "--csharp", "x => x", "1")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("Use --star", (await RunAsync("", "map", "--csharp", "(int x, int y) => x", "1")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("Give it a parameter", (await RunAsync("", "map", "--csharp", "() => 1", "1")).Expect(2).Error, StringComparison.Ordinal);
        var failed = (await RunAsync("", "map", "--csharp", "(int x) => 1 / x", "0")).Expect(1);
        Assert.Contains("System.DivideByZeroException", failed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--csharp takes a lambda", "map", "--csharp", " ", "1")]
    [InlineData("leave --code and --function out", "map", "--csharp", "(int x) => x", "--function", "A.B", "1")]
    [InlineData("--code and --function, or --csharp", "map", "1")]
    [InlineData("A.B is the name of a function at a coordinator", "map", "--function", "A.B", "1")]
    [InlineData("--code needs --function", "map", "--code", "a.dll", "1")]
    [InlineData("a lambda with --csharp", "submit")]
    public async Task What_makes_no_sense_is_said(string reason, params string[] arguments) =>
        Assert.Contains(reason, (await CliProcess.RunAsync("", arguments)).Expect(2).Error, StringComparison.Ordinal);
}
