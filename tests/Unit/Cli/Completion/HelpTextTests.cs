using Cluster.Cli.Completion;
using Xunit;

namespace Cluster.Unit.Cli.Completion;

public sealed class HelpTextTests
{
    [Fact]
    public void Options_begin_lines() => Assert.Equal(
        ["--listen", "--tls-key", "--help"],
        HelpText.Options(
            """
            Usage: program --coordinator ADDRESS

              --listen <ADDRESS>  Where to listen; see --other.
                                  --not-this-one either
              --tls-key FILE      A key.
              -?, -h, --help      Show help.
            """));
}
