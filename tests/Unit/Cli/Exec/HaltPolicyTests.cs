using Cluster.Cli.Exec;
using Xunit;

namespace Cluster.Unit.Cli.Exec;

public sealed class HaltPolicyTests
{
    [Theory]
    [InlineData("never", 1000, 1000, false)]
    [InlineData("now,fail=1", 1000, 0, false)]
    [InlineData("now,fail=1", 0, 1, true)]
    [InlineData("soon,fail=3", 0, 2, false)]
    [InlineData("soon,fail=3", 5, 3, true)]
    [InlineData("now,success=2", 1, 9, false)]
    [InlineData("now,success=2", 2, 0, true)]
    [InlineData("now,fail=50%", 1, 1, false)]
    [InlineData("now,fail=50%", 1, 2, true)]
    [InlineData("now,fail=50%", 3, 2, false)]
    public void It_is_met_by_counts(string text, long succeeded, long failed, bool isMet) => Assert.Equal(isMet, HaltPolicy.Parse(text).IsMet(succeeded, failed));

    [Theory]
    [InlineData("now,fail=1", true)]
    [InlineData("soon,fail=1", false)]
    public void It_is_now_or_soon(string text, bool isNow) => Assert.Equal(isNow, HaltPolicy.Parse(text).Now);

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("now,fail")]
    [InlineData("now,fail=0")]
    [InlineData("now,fail=-1")]
    [InlineData("now,fail=101%")]
    [InlineData("later,fail=1")]
    [InlineData("now,done=1")]
    public void What_is_no_policy_is_refused(string text) => Assert.Contains("now,fail=1", Assert.Throws<FormatException>(() => HaltPolicy.Parse(text)).Message, StringComparison.Ordinal);
}
