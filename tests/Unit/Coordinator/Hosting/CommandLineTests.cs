using Cluster.Coordinator.Hosting;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosting;

/// <summary>The coordinator's options that say how much of submitted jobs is kept.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task What_is_kept_of_submitted_jobs_can_be_said()
    {
        var options = await ParseAsync("--keep-jobs-days", "0.5", "--keep-jobs-mib", "16", "--max-running-jobs", "3");
        Assert.Equal((TimeSpan.FromHours(12), 16L << 20, 3), (options.KeepJobsFor, options.KeepJobsBytes, options.MaxRunningDetachedJobs));
    }

    [Fact]
    public async Task Without_a_word_it_is_what_the_documentation_says()
    {
        var options = await ParseAsync();
        Assert.Equal((TimeSpan.FromDays(7), 8L << 30, 64), (options.KeepJobsFor, options.KeepJobsBytes, options.MaxRunningDetachedJobs));
    }

    [Theory]
    [InlineData("--keep-jobs-days", "-1")]
    [InlineData("--keep-jobs-days", "NaN")]
    [InlineData("--keep-jobs-days", "soon")]
    [InlineData("--keep-jobs-days", "36501")]
    [InlineData("--keep-jobs-mib", "0")]
    [InlineData("--keep-jobs-mib", "9999999999")]
    [InlineData("--max-running-jobs", "0")]
    [InlineData("--max-running-jobs", "100001")]
    public void What_makes_no_sense_is_refused_with_the_range(string option, string value)
    {
        var error = Assert.Single(CommandLine.Create(static (_, _, _) => Task.FromResult(0)).Parse([option, value]).Errors);
        Assert.StartsWith($"{option} takes ", error.Message, StringComparison.Ordinal);
    }

    private static async Task<CoordinatorOptions> ParseAsync(params string[] arguments)
    {
        CoordinatorOptions? parsed = null;
        var command = CommandLine.Create((options, _, _) =>
        {
            parsed = options;
            return Task.FromResult(0);
        });
        await command.Parse(arguments).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
        return parsed!;
    }
}
