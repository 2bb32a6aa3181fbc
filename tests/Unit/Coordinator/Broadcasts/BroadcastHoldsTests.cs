using Cluster.Coordinator.Broadcasts;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Broadcasts;

public sealed class BroadcastHoldsTests
{
    private static readonly ByteString A = ByteString.CopyFromUtf8("a");
    private static readonly ByteString B = ByteString.CopyFromUtf8("b");
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly BroadcastHolds _holds = new(TimeSpan.FromSeconds(60));

    [Fact]
    public void What_somebody_needs_stays()
    {
        _holds.Hold(A);
        _holds.Hold(A);
        _holds.Release(A, Start);
        Assert.Empty(_holds.TakeExpired(Start.AddHours(1)));
    }

    [Fact]
    public void What_nobody_needs_goes_once_after_the_grace()
    {
        _holds.Hold(A);
        _holds.Release(A, Start);
        _holds.Stored(B, Start.AddSeconds(30));
        Assert.Empty(_holds.TakeExpired(Start.AddSeconds(59)));
        Assert.Equal([A], _holds.TakeExpired(Start.AddSeconds(60)));
        Assert.Equal([B], _holds.TakeExpired(Start.AddSeconds(90)));
        Assert.Empty(_holds.TakeExpired(Start.AddHours(1)));
    }

    [Fact]
    public void Who_comes_back_within_the_grace_finds_it()
    {
        _holds.Hold(A);
        _holds.Release(A, Start);
        _holds.Hold(A);
        _holds.Stored(A, Start);
        Assert.Empty(_holds.TakeExpired(Start.AddHours(1)));
        _holds.Release(A, Start.AddHours(1));
        Assert.Equal([A], _holds.TakeExpired(Start.AddHours(1).AddSeconds(60)));
    }
}
