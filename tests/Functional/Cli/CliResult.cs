using Xunit;

namespace Cluster.Functional.Cli;

/// <summary>What a command left behind.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public CliResult Expect(int exitCode)
    {
        Assert.True(exitCode == ExitCode, $"Exit code {ExitCode} where {exitCode} was expected.\nstdout:\n{Output}\nstderr:\n{Error}");
        return this;
    }
}
