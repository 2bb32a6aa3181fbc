using Cluster.Protocol;
using Cluster.Worker.Results;
using Xunit;

namespace Cluster.Unit.Worker;

public sealed class FlushPolicyTests
{
    [Fact]
    public void Loads_grow_while_they_come_quickly_and_start_small_again_when_they_do_not()
    {
        var policy = new FlushPolicy();
        Assert.False(policy.IsFull(Limits.PreferredPayloadBytes - 1));
        Assert.True(policy.IsFull(Limits.PreferredPayloadBytes));

        policy.SentFull();
        Assert.False(policy.IsFull((2 * Limits.PreferredPayloadBytes) - 1));
        for (var i = 0; i < 20; i++)
        {
            policy.SentFull();
        }

        Assert.False(policy.IsFull(Limits.MaxPayloadBytes - 1));
        Assert.True(policy.IsFull(Limits.MaxPayloadBytes));

        policy.SentByTime();
        Assert.True(policy.IsFull(Limits.PreferredPayloadBytes));
    }
}
