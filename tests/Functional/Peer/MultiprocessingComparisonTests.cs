using Cluster.TestKit;
using Xunit;

namespace Cluster.Functional.Peer;

/// <summary>The SDK's shared objects say what CPython's multiprocessing says, case by case.</summary>
public sealed class MultiprocessingComparisonTests(PeerFixture peer) : IClassFixture<PeerFixture>
{
    public static TheoryData<string> Names => [.. PeerCases.ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Both_say_the_same(string name)
    {
        Assert.SkipWhen(peer.Missing is not null, peer.Missing ?? "");

        Assert.Equal(peer.Lines[name], (await PeerCases.ByName[name](peer.One, peer.Two).Within()).ToString());
    }

    [Fact]
    public void Both_have_the_same_cases()
    {
        Assert.SkipWhen(peer.Missing is not null, peer.Missing ?? "");

        Assert.Equal(peer.Lines.Keys.Order(StringComparer.Ordinal), PeerCases.ByName.Keys.Order(StringComparer.Ordinal));
    }
}
