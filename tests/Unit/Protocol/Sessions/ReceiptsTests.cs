using Cluster.Protocol.Sessions;
using Xunit;

namespace Cluster.Unit.Protocol.Sessions;

public sealed class ReceiptsTests
{
    private readonly Receipts _heard = new();

    [Fact]
    public void Many_small_messages_are_acknowledged_together()
    {
        for (var i = 1; i < Receipts.MaxMessages; i++)
        {
            Assert.False(_heard.Add(1));
        }

        Assert.True(_heard.Add(1));
        Assert.True(_heard.TryAcknowledge(out var received));
        Assert.Equal((ulong)Receipts.MaxMessages, received);
        Assert.False(_heard.Add(1));
    }

    [Fact]
    public void A_large_message_is_acknowledged_at_once()
    {
        Assert.False(_heard.Add(Receipts.MaxBytes - 1));
        Assert.True(_heard.Add(1));
        Assert.True(_heard.TryAcknowledge(out _));
        Assert.False(_heard.Add(Receipts.MaxBytes - 1));
    }

    [Fact]
    public void Nothing_is_acknowledged_twice()
    {
        _heard.Add(0);
        Assert.True(_heard.TryAcknowledge(out _));
        Assert.False(_heard.TryAcknowledge(out var received));
        Assert.Equal(1ul, received);
    }
}
