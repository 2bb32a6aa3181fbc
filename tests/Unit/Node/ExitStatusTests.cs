using Cluster.Node.Workers.Processes;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class ExitStatusTests
{
    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(7, 7, null)]
    [InlineData(128, 128, null)]
    [InlineData(137, null, 9)]
    [InlineData(139, null, 11)]
    [InlineData(192, null, 64)]
    [InlineData(193, 193, null)]
    [InlineData(255, 255, null)]
    public void Codes_above_128_are_signals(int exitCode, int? code, int? signal) =>
        Assert.Equal(new ExitStatus(code, signal), ExitStatus.FromExitCode(exitCode));

    [Fact]
    public void It_says_what_happened()
    {
        Assert.Equal("ended with exit code 3", ExitStatus.FromExitCode(3).ToString());
        Assert.StartsWith("was killed by signal 11 (SIGSEGV", ExitStatus.FromExitCode(139).ToString(), StringComparison.Ordinal);
    }
}
