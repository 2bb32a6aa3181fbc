using Cluster.Node.Hosting;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Node;

/// <summary>Why a node leaves, and how much time it has left.</summary>
public sealed class DepartureTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_signal_is_named_and_the_grace_runs_out()
    {
        using var departure = new Departure(TimeSpan.FromSeconds(30), _time);
        Assert.Equal("", departure.Reason);
        departure.Signal("SIGTERM");

        Assert.Equal("told to end (SIGTERM)", departure.Reason);
        Assert.True(departure.Draining.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(10), departure.Left);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.Zero, departure.Left);
    }

    [Fact]
    public void The_first_reason_counts_and_the_last_grace()
    {
        using var departure = new Departure(TimeSpan.FromSeconds(30), _time);
        departure.Drain(TimeSpan.FromSeconds(100), Departure.Asked);
        departure.Signal("SIGTERM");

        Assert.Equal(Departure.Asked, departure.Reason);
        Assert.Equal(TimeSpan.FromSeconds(30), departure.Left);
        Assert.False(departure.Leaving.IsCancellationRequested);
        departure.Signal("SIGTERM");
        Assert.True(departure.Leaving.IsCancellationRequested);
    }
}
