using Cluster.Protocol;
using Xunit;

namespace Cluster.Unit.Protocol;

public sealed class ProtocolVersionTests
{
    [Fact]
    public void The_current_version_is_understood_by_itself()
    {
        Assert.Null(ProtocolVersion.CheckPeer("coordinator", "node", ProtocolVersion.Current));
        Assert.Null(ProtocolVersion.CheckServer("client", "coordinator", ProtocolVersion.MinSupported, ProtocolVersion.Current));
    }

    [Theory]
    [InlineData(2u, 3u, 5u, "node a speaks version 2, coordinator b understands versions 3 to 5", "older side: node a.")]
    [InlineData(6u, 3u, 5u, "node a speaks version 6, coordinator b understands versions 3 to 5", "older side: coordinator b.")]
    [InlineData(0u, 1u, 1u, "node a speaks version 0, coordinator b understands version 1 only", "older side: node a.")]
    public void A_mismatch_names_both_sides_and_the_one_to_update(uint spoken, uint min, uint current, string sides, string fix)
    {
        var error = ProtocolVersion.CheckServed("node a", spoken, "coordinator b", min, current);

        Assert.Contains(sides, error, StringComparison.Ordinal);
        Assert.EndsWith(fix, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(5u)]
    public void Every_version_of_the_range_is_served(uint spoken)
    {
        Assert.Null(ProtocolVersion.CheckServed("node", spoken, "coordinator", 3, 5));
    }
}
